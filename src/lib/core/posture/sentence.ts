import { day, pkt } from '../clock';
import type { Contribution, Posture } from '../posture';

/** Reasons that are named, and the points from which one is worth it. */
const NAMED = 3;
const WORTH = 3;

type Reason = Contribution & { where: string };

/**
 * Why the posture is as it is, in one or two plain sentences, from its contributions and nothing else. That nothing else
 * is unusual is said only when there is no other reason, and no sector of which that is not known.
 * @param names sector → name, as it stands within a sentence
 * @param now epoch seconds: tells times of another day apart
 */
export function sentence({ nation, sectors }: Posture, names: ReadonlyMap<string, string>, now: number): string {
	if (!sectors.length) return '';
	const of = (list: Contribution[], where: string): Reason[] =>
		list.flatMap((c) => (c.cause === 'recovery' || c.cause === 'sector' ? [] : [{ ...c, where }]));
	const reasons = [
		...sectors
			.filter((s) => s.unknown === null)
			.flatMap((s) => of(s.contributions, ` in ${names.get(s.sector) ?? s.sector}`)),
		...sectors
			.filter((s) => s.unknown !== null)
			.flatMap((s) => of(s.contributions, ` in ${names.get(s.sector) ?? s.sector}`))
			.filter((c) => c.cause !== 'staleness'),
		...of(nation?.contributions ?? [], ' outside the sectors')
	].sort((a, b) => a.points - b.points);
	const single = reasons.filter((c) => !c.key.endsWith('|lesser'));
	// A case and its being overdue are one thing to a reader.
	const cases = new Set(single.filter((c) => c.cause === 'incident').map((c) => c.href));
	const distinct = single.filter((c) => c.cause !== 'overdue' || !cases.has(c.href));
	const named = distinct.filter((c) => c.points <= -WORTH).slice(0, NAMED);
	const rest = reasons.some(
		(c) => !named.includes(c) && !(c.cause === 'overdue' && named.some((n) => n.href === c.href))
	);

	const unknown = sectors.filter((s) => s.unknown !== null).map((s) => names.get(s.sector) ?? s.sector);
	const learning = sectors.filter((s) => s.note !== null).length;
	const said: string[] = [];
	if (named.length) said.push(`Mostly because of ${and(together(named, now))}.`);
	if (rest) said.push(named.length ? 'Other reasons weigh less.' : 'No single reason stands out.');
	else if (!unknown.length && !learning) said.push(named.length ? 'Nothing else is unusual.' : 'Nothing is unusual.');
	if (unknown.length)
		said.push(
			unknown.length > NAMED
				? `${unknown.length} of ${sectors.length} sectors are unknown: nothing is reported.`
				: `${capital(and(unknown))} ${unknown.length === 1 ? 'is' : 'are'} unknown: nothing is reported.`
		);
	if (learning)
		said.push(
			`${learning === sectors.length ? 'It' : `In ${learning} of ${sectors.length} sectors it`} is still being learned what is usual.`
		);
	return said.join(' ');
}

/** Each reason with its place, those of one place together. */
function together(reasons: Reason[], now: number): string[] {
	const places = [...new Set(reasons.map((c) => c.where))];
	return places.map((where) => `${and(reasons.filter((c) => c.where === where).map((c) => phrase(c, now)))}${where}`);
}

function phrase({ cause, text, since }: Contribution, now: number): string {
	const when = since === null ? '' : ` since ${day(since) === day(now) ? pkt(since) : day(since)}`;
	return `${cause === 'incident' || cause === 'overdue' ? 'the ' : ''}${text}${cause === 'deviation' ? when : ''}`;
}

const and = (list: string[]): string =>
	list.length < 2 ? (list[0] ?? '') : `${list.slice(0, -1).join(', ')} and ${list.at(-1)}`;

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
