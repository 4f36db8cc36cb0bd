import { ALL, judge, type Judged, type Row, type State } from '$lib/core/judgement';
import { rank, type Tlp } from '$lib/core/tlp';
import type { Sight } from './audience';

/** What was judged of each clearance's counts, by rank; `at` is when (epoch seconds), 0: not yet. */
export type Judgement = { at: number; rows: ReadonlyMap<number, readonly Row[]> };
export const NONE: Judgement = { at: 0, rows: new Map() };

/**
 * The rows of a judgement that a sight may see. A scope has a whole of its own: what is said of all sectors or
 * provinces is added up again from those in it (means and variances add; sources are judged one by one, so they are
 * independent). Province × sector by the hour is only for sights so narrow that they draw it.
 */
export function usual({ rows }: Judgement, sight: Sight): Judged[] {
	const all = rows.get(rank(sight.clearance as Tlp)) ?? [];
	if (!sight.sectors && !sight.provinces)
		return all.filter((r) => r[0] === 'now' || r[2] === ALL || r[3] === ALL).map(judge);
	const sectors = sight.sectors && new Set(sight.sectors);
	const provinces = sight.provinces && new Set(sight.provinces);
	const out: Judged[] = [];
	const sums = new Map<string, Row[]>();
	const add = (r: Row, province: string, sector: string) => {
		const name = `${r[0]}|${r[1]}|${province}|${sector}|${r[4]}`;
		const list = sums.get(name);
		if (list) list.push(r);
		else sums.set(name, [r]);
	};
	for (const r of all) {
		const [, , province, sector] = r;
		const single = province !== ALL && sector !== ALL;
		if (single && (!provinces || provinces.has(province)) && (!sectors || sectors.has(sector))) {
			out.push(judge(r));
			// Where a scope names both, each whole is made of what lies in both.
			if (sectors) add(r, province, ALL);
			if (provinces) add(r, ALL, sector);
			if (sectors && provinces) add(r, ALL, ALL);
		} else if (province !== ALL && sector === ALL && !sectors && provinces!.has(province)) {
			out.push(judge(r));
			add(r, ALL, ALL);
		} else if (province === ALL && sector !== ALL && !provinces && sectors!.has(sector)) {
			out.push(judge(r));
			add(r, ALL, ALL);
		}
	}
	for (const [name, parts] of sums) {
		const [, , province, sector] = name.split('|');
		out.push(judge(whole(parts, province!, sector!)));
	}
	return out;
}

/** Several rows of one window as one: as far as they are judged, unless more than half of what is usual is silent. */
function whole(parts: Row[], province: string, sector: string): Row {
	const [unit, at, , , cls] = parts[0]!;
	let n = 0;
	let mean = 0;
	let variance = 0;
	let silent = 0;
	for (const r of parts) {
		if (r[8] === 'judged') {
			n += r[5];
			mean += r[6];
			variance += r[7];
		} else if (r[8] === 'no-data') silent += r[6];
	}
	const judged = parts.some((r) => r[8] === 'judged');
	const state: State = silent > mean ? 'no-data' : judged ? 'judged' : (parts[0]![8] ?? 'learning');
	return [unit, at, province, sector, cls, n, mean, variance, state];
}
