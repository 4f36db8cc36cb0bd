/**
 * Abuse that a network of ours does to others, by RSIT type: what counts on the norms view when it is outbound, and what
 * ends it. `hosted` is taken down, `open` is closed, `infected` is cleaned, `attack` is stopped. Which types count is our
 * proposal after A/70/174 ¶13 (c).
 */
export const ABUSE = {
	'c2-server': 'hosted',
	phishing: 'hosted',
	masquerade: 'hosted',
	'malware-distribution': 'hosted',
	'malware-configuration': 'hosted',
	'ddos-amplifier': 'open',
	'infected-system': 'infected',
	'brute-force': 'attack',
	exploit: 'attack',
	ddos: 'attack',
	dos: 'attack',
	scanner: 'attack',
	spam: 'attack'
} as const satisfies Record<string, 'hosted' | 'open' | 'infected' | 'attack'>;
export type Abuse = keyof typeof ABUSE;

export const ABUSES = Object.keys(ABUSE) as Abuse[];
export const isAbuse = (type: string): type is Abuse => Object.hasOwn(ABUSE, type);

/** How a network is named: by AS number, by prefix where none is known, by constituent where no address is, else not at all. */
export const UNKNOWN = 'unknown';
const FORM = /^(AS\d{1,10}|[0-9a-f.:]{2,43}\/\d{1,3}|constituent:\d{1,9}|unknown)$/;

/** The one spelling of a network that somebody wrote (`as 17557`, `17557`, `203.0.113.0/24`); undefined when it is none. */
export function network(text: string): string | undefined {
	const word = text.trim();
	const asn = /^(?:as\s?)?(\d{1,10})$/i.exec(word);
	if (asn) return `AS${Number(asn[1])}`;
	const low = word.toLowerCase();
	return FORM.test(low) ? low : undefined;
}
