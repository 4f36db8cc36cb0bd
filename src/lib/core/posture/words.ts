import type { Cause } from '../posture';

/** What is more than usual of a class, as an executive would say it. */
const PLURALS: ReadonlyMap<string, string> = new Map([
	['abusive-content', 'spam and abuse'],
	['malicious-code', 'malware'],
	['information-gathering', 'scans'],
	['intrusion-attempts', 'intrusion attempts'],
	['intrusions', 'intrusions'],
	['availability', 'floods and outages'],
	['information-content-security', 'leaks and tampering'],
	['fraud', 'phishing and fraud'],
	['vulnerable', 'exposed systems'],
	['other', 'other reports']
]);
export const plural = (cls: string): string => PLURALS.get(cls) ?? `reports of ${cls}`;

const STEPS = [2, 3, 4, 5, 7, 10, 15, 20, 30, 50, 100];
/** How many times the usual, coarse enough not to change every minute. */
export function times(n: number, mean: number): string {
	if (mean < 0.5) return 'where there are hardly any usually';
	const ratio = n / mean;
	const step = STEPS.findLast((s) => ratio >= s - 0.05 * s);
	return step === undefined
		? 'half as many again as usual'
		: step === 2
			? 'at twice the usual'
			: `at ${step === 100 ? 'over 100' : step} times the usual`;
}

/** Several reasons that take less than a point each, as one. */
export const lesser = (cause: Cause, n: number): string =>
	({
		incident: `${n} lesser open cases`,
		overdue: `${n} lesser overdue responses`,
		deviation: `${n} lesser rises above the usual`,
		exposure: `${n} lesser exposures`,
		staleness: `${n} lesser silences`,
		sector: `${n} other sectors`,
		recovery: 'what has ended'
	})[cause];
