import type { Severity } from './severity';

/**
 * Reference Security Incident Taxonomy with the machine names of IntelMQ (`classification.taxonomy` / `.type`), and the
 * types that only IntelMQ has. First content of the reference tables `classes` and `types`. Severities are ours: a
 * default for a report that states none, to be changed in the reference data.
 */
export type Class = { slug: string; name: string; urdu: string };
export type Type = {
	slug: string;
	class: string;
	name: string;
	severity: Severity;
	aliases: string[];
	intelmqOnly?: boolean;
};

/** Never counted, anywhere. */
export const TEST = 'test';
/** RSIT: "the categorisation of the incident is unknown"; what a report without a type is. */
export const UNDETERMINED = 'undetermined';

export const CLASSES: Class[] = [
	{ slug: 'abusive-content', name: 'Abusive content', urdu: 'نامناسب مواد' },
	{ slug: 'malicious-code', name: 'Malicious code', urdu: 'نقصان دہ کوڈ' },
	{ slug: 'information-gathering', name: 'Information gathering', urdu: 'معلومات جمع کرنا' },
	{ slug: 'intrusion-attempts', name: 'Intrusion attempts', urdu: 'مداخلت کی کوششیں' },
	{ slug: 'intrusions', name: 'Intrusions', urdu: 'مداخلت' },
	{ slug: 'availability', name: 'Availability', urdu: 'دستیابی' },
	{ slug: 'information-content-security', name: 'Information content security', urdu: 'معلومات کا تحفظ' },
	{ slug: 'fraud', name: 'Fraud', urdu: 'دھوکہ دہی' },
	{ slug: 'vulnerable', name: 'Vulnerable', urdu: 'کمزوریاں' },
	{ slug: 'other', name: 'Other', urdu: 'دیگر' },
	{ slug: 'test', name: 'Test', urdu: 'آزمائش' }
];

const type = (cls: string, slug: string, name: string, severity: Severity, aliases: string[] = []): Type => ({
	slug,
	class: cls,
	name,
	severity,
	aliases
});
const only = (slug: string, name: string, severity: Severity, aliases: string[] = []): Type => ({
	slug,
	class: 'other',
	name,
	severity,
	aliases,
	intelmqOnly: true
});

export const TYPES: Type[] = [
	type('abusive-content', 'spam', 'Spam', 'low'),
	type('abusive-content', 'harmful-speech', 'Harmful speech', 'low', ['harmful speech']),
	type('abusive-content', 'violence', 'Violence', 'medium', ['child/sexual/violence']),
	type('malicious-code', 'infected-system', 'Infected system', 'medium', [
		'infected system',
		'botnet drone',
		'ransomware'
	]),
	type('malicious-code', 'c2-server', 'C2 server', 'high', [
		'c&c',
		'c2server',
		'c2',
		'command and control',
		'cc-server'
	]),
	type('malicious-code', 'malware-distribution', 'Malware distribution', 'medium', [
		'malware distribution',
		'malware-url'
	]),
	type('malicious-code', 'malware-configuration', 'Malware configuration', 'medium', ['malware configuration']),
	type('information-gathering', 'scanner', 'Scanner', 'low', ['scanning', 'scan']),
	type('information-gathering', 'sniffing', 'Sniffing', 'medium'),
	type('information-gathering', 'social-engineering', 'Social engineering', 'medium', ['social engineering']),
	type('intrusion-attempts', 'ids-alert', 'IDS alert', 'low', ['ids alert']),
	type('intrusion-attempts', 'brute-force', 'Brute force', 'medium', ['bruteforce', 'login-attempts']),
	type('intrusion-attempts', 'exploit', 'Exploit', 'high', ['exploitation', 'new-attack-signature']),
	type('intrusions', 'privileged-account-compromise', 'Privileged account compromise', 'critical', [
		'privileged account compromise'
	]),
	type('intrusions', 'unprivileged-account-compromise', 'Unprivileged account compromise', 'high', [
		'unprivileged account compromise',
		'unauthorized-login'
	]),
	type('intrusions', 'application-compromise', 'Application compromise', 'high', ['application compromise']),
	type('intrusions', 'system-compromise', 'System compromise', 'high', [
		'compromised',
		'system compromise',
		'backdoor',
		'unauthorized-command'
	]),
	type('intrusions', 'burglary', 'Burglary', 'high'),
	type('availability', 'dos', 'Denial of service', 'medium'),
	type('availability', 'ddos', 'Distributed denial of service', 'high'),
	type('availability', 'misconfiguration', 'Misconfiguration', 'low'),
	type('availability', 'sabotage', 'Sabotage', 'high'),
	type('availability', 'outage', 'Outage', 'medium'),
	type(
		'information-content-security',
		'unauthorised-information-access',
		'Unauthorised access to information',
		'high',
		['unauthorized-information-access']
	),
	type(
		'information-content-security',
		'unauthorised-information-modification',
		'Unauthorised modification of information',
		'high',
		['unauthorized-information-modification', 'defacement']
	),
	type('information-content-security', 'data-loss', 'Data loss', 'medium', ['data loss']),
	type('information-content-security', 'data-leak', 'Data leak', 'high', ['leak', 'dropzone', 'data leak']),
	type('fraud', 'unauthorized-use-of-resources', 'Unauthorized use of resources', 'medium', [
		'unauthorised-use-of-resources'
	]),
	type('fraud', 'copyright', 'Copyright', 'low'),
	type('fraud', 'masquerade', 'Masquerade', 'medium'),
	type('fraud', 'phishing', 'Phishing', 'medium'),
	type('vulnerable', 'weak-crypto', 'Weak cryptography', 'low', ['weak crypto']),
	type('vulnerable', 'ddos-amplifier', 'DDoS amplifier', 'low', ['ddos amplifier']),
	type('vulnerable', 'potentially-unwanted-accessible', 'Potentially unwanted accessible service', 'low', [
		'potentially unwanted accessible'
	]),
	type('vulnerable', 'information-disclosure', 'Information disclosure', 'low', ['information disclosure']),
	type('vulnerable', 'vulnerable-system', 'Vulnerable system', 'low', [
		'vulnerable client',
		'vulnerable service',
		'vulnerable-client',
		'vulnerable-service',
		'vulnerable system'
	]),
	type('other', 'other', 'Other', 'low'),
	type('other', UNDETERMINED, 'Undetermined', 'low', ['unknown']),
	type('test', TEST, 'Test', 'none'),
	only('blacklist', 'Block list', 'low', ['blocklist']),
	only('dga-domain', 'DGA domain', 'low', ['dga domain']),
	only('malware', 'Malware', 'medium'),
	only('proxy', 'Proxy', 'low'),
	only('tor', 'Tor', 'none')
];
