/**
 * What a Suricata alert means, by words at the beginning of its signature and by its category. To teach another one,
 * add a row; whatever no row names is an `ids-alert`.
 */

/** [signature, RSIT type]: the first that matches; the words are those of the Emerging Threats and GPL rule sets. */
export const SIGNATURES: [signature: RegExp, type: string][] = [
	[/^(ET|ETPRO|GPL) (TROJAN|MALWARE|MOBILE_MALWARE|WORM|CNC|JA3)\b/i, 'infected-system'],
	[/^(ET|ETPRO|GPL) COINMINER\b/i, 'unauthorized-use-of-resources'],
	[/^(ET|ETPRO|GPL) SCAN\b.*\b(brute ?force|login attempts?)\b/i, 'brute-force'],
	[/^(ET|ETPRO|GPL) SCAN\b/i, 'scanner'],
	[/^(ET|ETPRO) (DROP|CINS|COMPROMISED|DSHIELD|3CORESEC|THREATVIEW)\b/i, 'blacklist'],
	[/^(ET|ETPRO) TOR\b/i, 'tor'],
	[/^(ET|ETPRO) PHISHING\b/i, 'phishing'],
	[/^(ET|ETPRO|GPL) (DOS|DDOS)\b/i, 'dos'],
	[
		/^(ET|ETPRO|GPL) (EXPLOIT|EXPLOIT_KIT|ATTACK_RESPONSE|SHELLCODE|SQL|WEB_SERVER|WEB_SPECIFIC_APPS|WEB_CLIENT|ACTIVEX|NETBIOS|SCADA)\b/i,
		'exploit'
	]
];

/** [category, RSIT type]: the descriptions of Suricata's classification.config, in lower case. */
export const CATEGORIES: Record<string, string> = {
	'a network trojan was detected': 'infected-system',
	'a network trojan was found': 'infected-system',
	'malware command and control activity detected': 'infected-system',
	'domain observed used for c2 detected': 'infected-system',
	'targeted malicious activity was detected': 'infected-system',
	'crypto currency mining activity detected': 'unauthorized-use-of-resources',
	'attempted administrator privilege gain': 'exploit',
	'attempted user privilege gain': 'exploit',
	'unsuccessful user privilege gain': 'exploit',
	'web application attack': 'exploit',
	'exploit kit activity detected': 'exploit',
	'executable code was detected': 'exploit',
	'a system call was detected': 'exploit',
	'a suspicious string was detected': 'ids-alert',
	'successful administrator privilege gain': 'privileged-account-compromise',
	'successful user privilege gain': 'unprivileged-account-compromise',
	'successful credential theft detected': 'unprivileged-account-compromise',
	'attempted information leak': 'scanner',
	'information leak': 'scanner',
	'large scale information leak': 'scanner',
	'detection of a network scan': 'scanner',
	'decode of an rpc query': 'scanner',
	'attempted denial of service': 'dos',
	'denial of service': 'dos',
	'denial of service attack': 'dos',
	'detection of a denial of service attack': 'dos',
	'attempt to login by a default username and password': 'brute-force',
	'an attempted login using a suspicious username was detected': 'brute-force',
	'possible social engineering attempted': 'social-engineering',
	'access to a potentially vulnerable web application': 'ids-alert',
	'potential corporate privacy violation': 'ids-alert',
	'potentially bad traffic': 'ids-alert',
	'misc attack': 'ids-alert',
	'misc activity': 'ids-alert',
	'unknown traffic': 'ids-alert',
	'not suspicious traffic': 'ids-alert'
};

/** Signatures by which Suricata reports on its own decoding of traffic: no attacks. */
export const ENGINE = { prefix: 'SURICATA ', from: 2_200_000, to: 2_299_999 };
