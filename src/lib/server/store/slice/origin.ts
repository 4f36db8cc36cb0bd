import { floor, HOUR, MINUTE } from '$lib/core/clock';
import type { Viewer } from '$lib/core/viewer';
import type { Tx } from '../client';
import { isLate } from '../deadline';
import * as filter from '../filter';
import * as log from '../log';
import type { Slice } from '../observation/part';
import * as scope from '../scope';
import * as usual from '../usual';

export type Share = { key: string; count: number };
/** Rows of `at`, `facet_id`, `source_id` and `n`, to be added up. */
type Counts = ReturnType<typeof observed>;

/** Entries of the log that are added up, where the hours by source lag behind. */
const ENTRIES = 2000;

/** Counts from observations, by the minute. */
export const observed = (tx: Tx, from: number, to: number, { source, q }: Pick<Slice, 'source' | 'q'>) => tx`
	select date_trunc('minute', o.observed_at) as at, o.facet_id, o.source_id, 1 as n from observations o
	where o.observed_at >= to_timestamp(${from}) and o.observed_at < to_timestamp(${to}) ${filter.observations(tx, { source, q })}`;

/** Up to which entry of the log, and from when on, counts by source stand; null when they cannot be used. */
export type Reach = usual.Mark | null;

export async function reach(tx: Tx): Promise<Reach> {
	const mark = await usual.mark(tx);
	return mark && (await log.head(tx)) - mark.seq <= ENTRIES && (await log.reaches(tx, mark.seq)) ? mark : null;
}

/**
 * Counts by source, of one or of all: whole hours from where they are counted by source, with what the log has counted
 * since; the rest, and what is asked for by the minute, from observations.
 */
export function counts(tx: Tx, mark: Reach, from: number, to: number, unit: number, source?: string): Counts {
	if (!mark || unit === MINUTE) return observed(tx, from, to, { source });
	const first = Math.ceil(Math.max(from, mark.from) / HOUR) * HOUR;
	const last = floor(to, HOUR);
	if (first >= last) return observed(tx, from, to, { source });
	const one = source ? tx`and source_id = (select id from sources where slug = ${source})` : tx``;
	const hours = tx`
		select at, facet_id, source_id, n from usual_cells where at >= to_timestamp(${first}) and at < to_timestamp(${last}) ${one}
		union all select * from (
			select date_trunc('hour', to_timestamp((c ->> 0)::bigint)) as at, (c ->> 1)::int as facet_id, (c ->> 3)::int as source_id, (c ->> 2)::bigint as n
			from log, json_array_elements(payload -> 'cells') c where seq > ${mark.seq} and (c ->> 0)::bigint >= ${first} and (c ->> 0)::bigint < ${last}
		) l where true ${one}`;
	const before = from < first ? tx`union all ${observed(tx, from, first, { source })}` : tx``;
	const after = last < to ? tx`union all ${observed(tx, last, to, { source })}` : tx``;
	return tx`${hours} ${before} ${after}` as Counts;
}

/** The sources of a slice, the most first; null when it took too long: the rest of the picture is worth more than an error. */
export async function shares(
	tx: Tx,
	viewer: Viewer,
	mark: Reach,
	from: number,
	to: number,
	facets: filter.Facets
): Promise<Share[] | null> {
	try {
		return (await tx.savepoint(async (inner) => {
			const read = counts(inner, mark, from, to, HOUR);
			const rows = await inner<Share[]>`
				select s.slug as key, c.n as count from (
					select c.source_id, sum(c.n::float8) as n from (${read}) c join facets f on f.id = c.facet_id where ${scope.facets(inner, viewer)} ${filter.facets(inner, facets)} group by 1
				) c join sources s on s.id = c.source_id where c.n <> 0 order by 2 desc, 1`;
			return [...rows];
		})) as Share[];
	} catch (e) {
		if (isLate(e)) return null;
		throw e;
	}
}
