import { day, pkt } from '../clock';
import type { Contribution, Index, Posture } from '../posture';

/** Sectors that are named with their reason; above that they are counted. */
const NAMED = 2;
/** Points from which a reason is worth a name, and from which it is told although its sector has no value. */
const WORTH = 3;
const GRAVE = 20;
/** Characters of a title and of a name: beyond them it is cut, so that the sentence stays one. */
const TITLE = 72;
const NAME = 48;

type Reason = Contribution & { where: string };
type Place = { name: string; index: Index; reasons: Reason[] };

/**
 * Why the posture is as it is, in one or two plain sentences, from its contributions and nothing else: which sectors are
 * bad and because of what, or that none is. That nothing else is unusual is said only when there is no other reason, and
 * no sector of which that is not known.
 * @param names sector → name, as it stands within a sentence
 * @param now epoch seconds: tells times of another day apart
 */
export function sentence({ nation, sectors }: Posture, names: ReadonlyMap<string, string>, now: number): string {
	if (!sectors.length) return '';
	const places = sectors.map((s): Place => {
		const name = clip(names.get(s.sector) ?? s.sector, NAME);
		return { name, index: s, reasons: distinct(s.contributions, `in ${name}`, s.unknown !== null) };
	});
	const known = places.filter((p) => p.index.unknown === null);
	const outside = distinct(nation?.contributions ?? [], 'outside the sectors', false);
	const all = [...places.flatMap((p) => p.reasons), ...outside].sort(worst);
	const told = new Set<Reason>();
	const tell = (reasons: Reason[]): string => {
		for (const r of reasons) told.add(r);
		return and(reasons.map((r) => phrase(r, now)));
	};
	const worth = (reasons: Reason[], most: number) =>
		reasons.filter((r) => r.points <= -WORTH && !r.key.endsWith('|lesser')).slice(0, most);
	const because = (p: Place, most: number): string => {
		const reasons = worth(p.reasons, most);
		if (reasons.length) return ` because of ${tell(reasons)}`;
		return p.index.contributions.some((c) => c.cause === 'recovery') ? ' while it recovers' : '';
	};
	const bad = known.filter((p) => p.index.band === 'critical' || p.index.band === 'strained');
	const worstFirst = bad.toSorted((a, b) => (a.index.value ?? 0) - (b.index.value ?? 0));
	const said: string[] = [];
	if (bad.length > NAMED) {
		const [first] = worstFirst;
		said.push(
			`${bad.length} of ${sectors.length} sectors are strained or critical. The worst is ${first!.name},${because(first!, NAMED) || ' by many small reasons'}.`
		);
	} else if (bad.length)
		said.push(
			`${capital(worstFirst.map((p) => `${p.name} is ${p.index.band}${because(p, bad.length === 1 ? NAMED : 1)}`).join('; '))}.`
		);
	// What is grave must not be missed because its sector has no value, or it belongs to none.
	const first = bad.length ? all.find((r) => r.points <= -GRAVE && !bad.some((p) => p.reasons.includes(r))) : null;
	if (first) said.push(`There is also ${tell([first])} ${first.where}.`);
	if (!bad.length) {
		const top = worth(all, NAMED);
		const unknown = known.length < places.length;
		const none = `${unknown ? 'No sector is known to be' : 'No sector is'} strained or critical`;
		if (top.length)
			said.push(`${none}. What weighs most is ${and(together(top).map((g) => `${tell(g)} ${g[0]!.where}`))}.`);
		else if (all.length || unknown || places.some((p) => p.index.note)) said.push(`${none}.`);
	}
	said.push(
		...unsure(
			places,
			told.size > 0 || bad.length > 0,
			all.some((r) => !told.has(r)),
			bad.length > NAMED
		)
	);
	return said.join(' ');
}

/** What is not known, or that nothing else is. */
function unsure(places: Place[], said: boolean, rest: boolean, uncounted: boolean): string[] {
	const unknown = places.filter((p) => p.index.unknown !== null).map((p) => p.name);
	const learning = places.filter((p) => p.index.note !== null).length;
	const recovering = places.some((p) => p.index.contributions.some((c) => c.cause === 'recovery'));
	const out: string[] = [];
	if (!rest && !unknown.length && !learning && !uncounted)
		out.push(said ? 'Nothing else is unusual.' : recovering ? 'Nothing is unusual any more.' : 'Nothing is unusual.');
	if (unknown.length)
		out.push(
			`${unknown.length > NAMED ? `${unknown.length} of ${places.length} sectors are` : `${capital(and(unknown))} ${unknown.length === 1 ? 'is' : 'are'}`} unknown: nothing is reported from there.`
		);
	if (learning)
		out.push(
			`${learning === places.length ? 'What is usual' : `In ${learning} of ${places.length} sectors what is usual`} is still being learned.`
		);
	return out;
}

const worst = (a: Reason, b: Reason): number => a.points - b.points;

/** Reasons for a reader: a case and its being overdue are one thing, what has ended is none. */
function distinct(list: Contribution[], where: string, unknown: boolean): Reason[] {
	const cases = new Set(list.filter((c) => c.cause === 'incident' && c.href).map((c) => c.href));
	return list
		.filter((c) => c.cause !== 'recovery' && c.cause !== 'sector' && !(unknown && c.cause === 'staleness'))
		.filter((c) => c.cause !== 'overdue' || !cases.has(c.href))
		.map((c) => ({ ...c, where }))
		.sort(worst);
}

/** Reasons by place, in the order in which they come. */
const together = (reasons: Reason[]): Reason[][] =>
	[...new Set(reasons.map((r) => r.where))].map((where) => reasons.filter((r) => r.where === where));

function phrase({ cause, text, since }: Contribution, now: number): string {
	const when = since === null ? '' : ` since ${day(since) === day(now) ? pkt(since) : day(since)}`;
	const title = /^([^“]*“)([^]*)(”[^”]*)$/.exec(text);
	const cut = title ? `${clip(title[1]!, NAME)}${clip(title[2]!, TITLE)}${clip(title[3]!, NAME)}` : clip(text, TITLE);
	return `${cause === 'incident' || cause === 'overdue' ? 'the ' : ''}${cut}${cause === 'deviation' ? when : ''}`;
}

/** At the most so many characters; a cut shows. */
function clip(text: string, most: number): string {
	const letters = [...text];
	return letters.length > most
		? `${letters
				.slice(0, most - 1)
				.join('')
				.trimEnd()}…`
		: text;
}

const and = (list: string[]): string =>
	list.length < 2 ? (list[0] ?? '') : `${list.slice(0, -1).join(', ')} and ${list.at(-1)}`;

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
