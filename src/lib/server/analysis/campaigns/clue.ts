import ipaddr from 'ipaddr.js';
import { BEHAVIOUR, CALLED, DONE, SERVED, type Shared } from '$lib/core/campaign';
import { guess, normalise, type Kind } from '$lib/core/observable';
import { identify } from '../../store/indicator';

/** A value that reports may share. `id` is that of the indicator of this kind and value. */
export type Clue = { id: string; kind: Shared; value: string };

/** Of a report, what can tie it to others. */
export type Report = {
	type: string;
	class: string;
	sourceIp: string | null;
	sourcePort: number | null;
	destinationIp: string | null;
	destinationPort: number | null;
	fqdn: string | null;
	malware: string | null;
	carried: string[] | null;
};

/** Clues of one report at the most: one with more is a list. */
const MOST = 16;
const HASHES = new Set<Kind>(['md5', 'sha-1', 'sha-224', 'sha-256', 'sha-384', 'sha-512']);
/** Addresses that are nobody's, or everybody's. */
const NOWHERE = new Set([
	'unspecified',
	'broadcast',
	'multicast',
	'linkLocal',
	'loopback',
	'carrierGradeNat',
	'private',
	'uniqueLocal'
]);

/** The values of a report that others may share. `ours` says whether a name is a constituent's own. */
export function clues(report: Report, ours: (name: string) => boolean): Clue[] {
	const found = new Map<string, Clue>();
	const add = (kind: Clue['kind'], value: string) => {
		if (found.size >= MOST) return;
		const id = identify(kind, value);
		found.set(id, { id, kind, value });
	};
	const called = CALLED.has(report.type);
	const served = SERVED.has(report.type);
	if (!called && !served && !DONE.has(report.type)) return [];
	const ip = called ? report.destinationIp : served ? report.sourceIp : null;
	if (ip && somewhere(ip)) add(ip.includes(':') ? 'ipv6-addr' : 'ipv4-addr', ip);
	const name = report.fqdn === null ? undefined : normalise('domain-name', report.fqdn);
	for (const value of [name, ...(report.carried ?? []).map(guess)])
		if (value?.kind === 'domain-name' ? !ours(value.value) : value && HASHES.has(value.kind))
			add(value!.kind, value!.value);
	if (report.malware && (called || report.type === 'c2-server' || report.type === 'malware-distribution'))
		add(BEHAVIOUR, behaviour(report));
	return [...found.values()];
}

/** Type, family and, where it means something, the controller's port. */
function behaviour({ type, malware, sourcePort, destinationPort }: Report): string {
	const port = CALLED.has(type) ? destinationPort : type === 'c2-server' ? sourcePort : null;
	return `${type} ${malware!.trim().toLowerCase().slice(0, 200)}${port === null ? '' : ` port ${port}`}`;
}

function somewhere(ip: string): boolean {
	try {
		return !NOWHERE.has(ipaddr.process(ip).range());
	} catch {
		return false;
	}
}
