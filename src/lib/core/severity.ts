/** Severity of one observation: the CVSS v4 qualitative bands (FIRST, CVSS v4.0 §6). The index is the rank. */
export const SEVERITIES = ['none', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Severity of an incident: the US NCISS priority levels. The index is the rank. */
export const LEVELS = ['baseline', 'low', 'medium', 'high', 'severe', 'emergency'] as const;
export type Level = (typeof LEVELS)[number];

const ALIASES: Record<string, Severity> = {
	info: 'none',
	informational: 'none',
	information: 'none',
	moderate: 'medium',
	severe: 'critical'
};

/** Reads a band's name, its aliases in feeds, or a CVSS score 0–10; undefined when it is none of them. */
export function parse(value: string | number): Severity | undefined {
	const word = String(value).trim().toLowerCase();
	if ((SEVERITIES as readonly string[]).includes(word)) return word as Severity;
	if (Object.hasOwn(ALIASES, word)) return ALIASES[word];
	if (!/^\d{1,2}(\.\d+)?$/.test(word)) return undefined;
	return band(Number(word));
}

/** CVSS v4 band of a score: 0 none; 0.1–3.9 low; 4.0–6.9 medium; 7.0–8.9 high; 9.0–10 critical; else undefined. */
export function band(score: number): Severity | undefined {
	if (!(score >= 0 && score <= 10)) return undefined;
	return score === 0 ? 'none' : score < 4 ? 'low' : score < 7 ? 'medium' : score < 9 ? 'high' : 'critical';
}

/** The shape that goes with a level on every screen, so that colour is never alone. */
export const shape = (level: Level): '▲' | '◆' | '●' | '○' =>
	level === 'emergency' || level === 'severe' ? '▲' : level === 'high' ? '◆' : level === 'medium' ? '●' : '○';
