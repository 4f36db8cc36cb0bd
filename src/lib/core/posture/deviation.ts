import { ALL, type Row } from '../judgement';
import { UNLOCATED } from '../province';
import { deviation } from '../usual';
import { grouped, type Part } from './part';
import { plural, times } from './words';
import { BEGINS, DEVIATION, ENDS, EXPOSED_CLASS, EXPOSED_MORE, LOCAL, OTHER_CLASS, SUSTAINED, WHOLE } from './weights';

/** What is needed to judge a deviation beside its rows. */
export type Ground = {
	now: number;
	/** code → name */
	provinces: ReadonlyMap<string, string>;
	/** since when what weighs does, by its key: one that has begun ends later than it began */
	since: ReadonlyMap<string, number>;
};

/**
 * The classes of one sector that are above the usual, a part each. `rows` are those of the last hour with this sector
 * and a class, of all provinces (`*`) and of each. The strongest of them speaks, so that one more report never takes
 * less; a single province speaks more softly than the whole sector.
 */
export function parts(sector: string, href: string | null, rows: readonly Row[], ground: Ground): Part[] {
	const byClass = grouped(rows, (r) => r[4]);
	return [...byClass].flatMap(([cls, mine]) => {
		if (cls === ALL) return [];
		const key = `deviation|${sector}|${cls}`;
		const since = ground.since.get(key);
		const found = mine
			.map((row) => ({ row, strength: strength(row, since !== undefined) * (row[2] === ALL ? 1 : LOCAL) }))
			.filter((x) => x.strength > 0)
			.sort((a, b) => b.strength - a.strength || (a.row[2] < b.row[2] ? -1 : 1));
		const first = found[0];
		if (!first) return [];
		const began = since ?? ground.now;
		const share = SUSTAINED.find(([after]) => ground.now - began >= after)![1];
		const weight = cls === EXPOSED_CLASS ? EXPOSED_MORE : (DEVIATION.get(cls) ?? OTHER_CLASS);
		const place = where(first.row, mine, ground.provinces);
		return [
			{
				key,
				cause: cls === EXPOSED_CLASS ? ('exposure' as const) : ('deviation' as const),
				takes: weight * share * first.strength,
				text: `${plural(cls)} ${times(first.row[5], first.row[6])}${place ? ` in ${place}` : ''}`,
				since: began,
				href
			}
		];
	});
}

/** 0 to 1 by tenths, so that it does not move with every report; 0: it is not above the usual. */
function strength([, , , , , n, mean, variance, state]: Row, begun: boolean): number {
	const edge = begun ? ENDS : BEGINS;
	if (state !== 'judged' || n < (begun ? 1 : BEGINS.count) || n < edge.ratio * mean) return 0;
	const sigma = deviation(n, { mean, variance });
	if (sigma < edge.sigma) return 0;
	const chance = (sigma - WHOLE.from) / (WHOLE.sigma - WHOLE.from);
	const ratio = mean > 0 ? (n / mean - 1) / (WHOLE.ratio - 1) : 1;
	return Math.ceil(10 * Math.min(1, Math.max(0.01, Math.min(chance, ratio)))) / 10;
}

/** The province that it is in, where that can be said: the row's own, or the one with more than half of the excess. */
function where(row: Row, all: readonly Row[], names: ReadonlyMap<string, string>): string | undefined {
	const excess = (r: Row) => r[5] - r[6];
	const mine =
		row[2] === ALL ? all.find((r) => r[2] !== ALL && r[8] === 'judged' && excess(r) > excess(row) / 2)?.[2] : row[2];
	return mine === undefined || mine === UNLOCATED ? undefined : names.get(mine);
}
