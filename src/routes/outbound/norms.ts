import { day, span } from '$lib/core/clock';
import { count, plural } from '$lib/ui/base/number';
import type { Spread } from '$lib/core/remedy';
import { took } from './words';

/** What is used of a flow of notices. */
type Flow = {
	n: number;
	closed: number;
	rejected: number;
	open: number;
	waiting: number;
	took: Record<'acknowledged' | 'triaged' | 'closed', Spread | null>;
};
type Sums = { networks: number; pairs: number; count: number; first: number | null };
type Remedy = {
	told: Spread | null;
	seen: Spread | null;
	open: number;
	oldest: number | null;
	unwatched: number;
	repeat: number;
};
export type Norms = {
	c: { now: Sums; ever: Sums; remedy: Remedy; foreign: Flow | null };
	h: { in: Flow | null; out: Flow | null };
	i: number | null;
	j: Flow | null;
	k: number | null;
};
/** One figure: of which norm, its value or that it is not recorded, what it rests on, and how it is counted. */
export type Figure = { norm: string; label: string; value: string; notes: string[]; how: string };

const NONE = 'not recorded';
const list = (...texts: (string | null | false)[]) => texts.filter((t): t is string => !!t);

/** `quiet`: days; `lately`: days; `scoped`: the viewer sees one sector or province only. */
export function figures(n: Norms, quiet: number, lately: number, scoped: boolean): Figure[] {
	const { now, ever, remedy, foreign } = n.c;
	const unseen = scoped ? 'Not within your scope: notices do not name a sector.' : null;
	const flow = (of: Flow | null, more: (of: Flow) => string[]): Pick<Figure, 'value' | 'notes'> =>
		of ? { value: count(of.n), notes: more(of) } : { value: NONE, notes: list(unseen) };
	const acknowledged = (of: Flow) =>
		list(
			of.took.acknowledged && `acknowledged: ${took(of.took.acknowledged)}`,
			of.waiting > 0 &&
				`${count(of.waiting)} not acknowledged yet${of.took.acknowledged ? ', and left out of that' : ''}`
		);
	const share = (of: Flow) => `${Math.round((of.closed / of.n) * 100)} % closed, ${count(of.open)} open`;
	return [
		{
			norm: 'c',
			label: `Networks with abuse, last ${lately} days`,
			value: ever.pairs ? count(now.networks) : NONE,
			notes: list(
				ever.pairs > 0 && `${plural(now.pairs, 'kind of abuse', 'kinds of abuse')} in them`,
				ever.first !== null && `${plural(ever.networks, 'network')} since ${day(ever.first)}`
			),
			how: 'Networks by AS number, or by prefix where none is known, from which reports of phishing, C2, malware distribution, amplifiers, infections and attacks against others came.'
		},
		{
			norm: 'c',
			label: 'Time to remedy, from the notice',
			value: remedy.told ? span(remedy.told.median) : NONE,
			notes: list(
				remedy.told &&
					`median of ${count(remedy.told.n)} that ended${remedy.told.n > 1 ? `; nine in ten within ${span(remedy.told.p90)}` : ''}`,
				remedy.seen && `from first seen: ${took(remedy.seen)}`,
				remedy.open > 0 &&
					`${plural(remedy.open, 'open case')} left out, the oldest told ${span(remedy.oldest ?? 0)} ago`,
				remedy.unwatched > 0 && `of those, ${count(remedy.unwatched)} that nobody watches`
			),
			how: `From when we told the network until the day it was last seen before ${quiet} days without it, on which every source that saw it delivered; or until a person said so. What has not ended has no length yet: it is left out and counted beside it, so the true median is longer.`
		},
		{
			norm: 'c',
			label: 'Repeat networks',
			value: remedy.told || remedy.open ? count(remedy.repeat) : NONE,
			notes: list((remedy.told !== null || remedy.open > 0) && 'abuse came back after it was remedied'),
			how: 'Networks in which abuse was remedied, and the same kind was seen again on a later day.'
		},
		{
			norm: 'c',
			label: 'Reports from abroad, 1 year',
			...flow(foreign, (f) => [`${count(f.closed)} acted on, ${count(f.rejected)} rejected, ${count(f.open)} open`]),
			how: 'Reports of CERTs abroad as people recorded them.'
		},
		{
			norm: 'h',
			label: 'Assistance asked of us, 1 year',
			...flow(n.h.in, (f) => [share(f), ...acknowledged(f)]),
			how: 'Requests as people recorded them; from receipt to our acknowledgement.'
		},
		{
			norm: 'h',
			label: 'Assistance asked by us, 1 year',
			...flow(n.h.out, (f) => [share(f), ...acknowledged(f)]),
			how: 'Requests as people recorded them; from sending to their acknowledgement.'
		},
		{
			norm: 'i',
			label: 'Constituents exposed to KEV',
			value: n.i === null ? NONE : count(n.i),
			notes: list(
				n.i === null
					? 'needs a KEV catalogue, constituents and the rule that looks'
					: 'with an alarm of an exposed product that holds'
			),
			how: 'Constituents at which a product was reported with a vulnerability on the list of those that are exploited (KEV), while the alarm about it holds.'
		},
		{
			norm: 'j',
			label: 'Vulnerabilities reported to us, 1 year',
			...flow(n.j, (f) => [
				...acknowledged(f),
				...list(
					f.took.triaged && `triaged: median ${span(f.took.triaged.median)}`,
					f.took.closed && `fixed: median ${span(f.took.closed.median)}`,
					`${count(f.open)} open`
				)
			]),
			how: 'Reports as people recorded them; each median is of those that have come so far.'
		},
		{
			norm: 'k',
			label: 'Attacks on a CERT, 1 year',
			value: n.k === null ? NONE : count(n.k),
			notes: list(n.k === null ? 'needs a CERT among the constituents and the rule that looks' : 'alarms raised'),
			how: 'Alarms of the rule that looks for attacks on constituents that are CERTs themselves.'
		}
	];
}
