import { BANDS, type Band, type Contribution } from '../posture';
import { compare, grouped, order, sum, within, type Part } from './part';
import { CLEAR, FROM, PATIENCE, RISE } from './weights';
import { lesser } from './words';

/** What of one index has to be known a minute later. */
export type Held = {
	/** before it is rounded */
	exact: number;
	value: number;
	band: Band;
	/** since when the band holds */
	since: number;
	/** since when the value has been outside the band; null: it is inside */
	beyond: number | null;
};

/**
 * The value of an index: a hundred less what its parts take, down at once, up slowly, and shown anew only when it is off
 * by a whole point. Its contributions are whole and add up to exactly what is missing from a hundred.
 */
export function settle(parts: Part[], before: (Held & { at: number }) | undefined, now: number) {
	const all = within(100, parts.toSorted(order));
	const target = Math.max(0, 100 - sum(all));
	const exact = before ? Math.min(target, before.exact + (RISE * Math.max(0, now - before.at)) / 3600) : target;
	const value = before && Math.abs(exact - before.value) < 1 ? before.value : Math.round(exact);
	const held: Held = { exact, value, ...banded(value, before, now) };
	return { held, contributions: whole(all, 100 - value) };
}

/** The band of a value without any past. */
export const bandOf = (value: number): Band => BANDS.findLast((b) => value >= FROM[b])!;

/** A band changes when the value is clearly beyond its edge, or has been beyond for a while. */
function banded(value: number, before: Held | undefined, now: number): Pick<Held, 'band' | 'since' | 'beyond'> {
	const band = bandOf(value);
	if (!before) return { band, since: now, beyond: null };
	if (band === before.band) return { band, since: before.since, beyond: null };
	const next = BANDS[BANDS.indexOf(before.band) + 1];
	const by = value < FROM[before.band] ? FROM[before.band] - value : next ? value - FROM[next] + 1 : 0;
	const beyond = before.beyond ?? now;
	if (by >= CLEAR || now - beyond >= PATIENCE) return { band, since: now, beyond: null };
	return { band: before.band, since: before.since, beyond };
}

/**
 * Parts as contributions of whole points that add up to `loss`, by largest remainder. Those under a point are told
 * together, by cause. What is lost beyond the parts has ended, and counts on for a while.
 */
export function whole(parts: Part[], loss: number): Contribution[] {
	if (loss <= 0) return [];
	const all = sum(parts);
	const scale = all > 0 && loss - all < 1 ? loss / all : 1;
	const scaled = parts.map((p) => ({ ...p, takes: p.takes * scale }));
	if (loss - all >= 1 || all === 0)
		scaled.push({
			key: 'recovery',
			cause: 'recovery',
			takes: loss - all,
			text: 'what has ended and counts on, less every hour',
			since: null,
			href: null
		});
	const list = merged(scaled).map((p) => ({ ...p, points: Math.floor(p.takes) }));
	let left = loss - list.reduce((n, p) => n + p.points, 0);
	const rest = (p: (typeof list)[number]) => p.takes - p.points;
	for (const p of list.toSorted((a, b) => rest(b) - rest(a) || compare(a.key, b.key))) {
		if (left-- <= 0) break;
		p.points++;
	}
	return list
		.filter((p) => p.points > 0)
		.sort((a, b) => b.points - a.points || order(a, b))
		.map(({ key, cause, points, text, since, href }) => ({ key, cause, points: -points, text, since, href }));
}

/** The parts, those under a point as one of each cause. */
function merged(parts: Part[]): Part[] {
	const out: Part[] = [];
	for (const of of grouped(parts, (p) => p.cause).values()) {
		const { cause } = of[0]!;
		const small = of.filter((p) => p.takes < 1);
		out.push(...(small.length > 1 ? of.filter((p) => p.takes >= 1) : of));
		if (small.length > 1)
			out.push({
				key: `${cause}|lesser`,
				cause,
				takes: sum(small.toSorted(order)),
				text: lesser(cause, small.length),
				since: null,
				href: null
			});
	}
	return out;
}
