import type { Sql } from '../store/client';
import type { Facets } from '../store/facet';
import * as incident from '../store/incident';
import type { Entry } from '../store/log';
import { Memory } from './memory';
import { Replay } from './replay';

/**
 * The latest entries of the log up to where a memory stands, as a replay of at most `limit`, so that a restart does not
 * cost a client its place.
 */
export async function recall(sql: Sql, facets: Facets, memory: Memory, limit: number): Promise<Replay> {
	const to = memory.seq;
	const [row] = await sql<{ seq: number | null }[]>`
		select min(seq) as seq from (select seq, sum(10 + coalesce(json_array_length(payload -> 'cells'), 0)) over (order by seq desc) as cells from (select * from log where seq <= ${to} order by seq desc limit 5000) l) s
		where cells <= ${limit}`;
	const from = row?.seq ?? to + 1;
	const replay = new Replay(limit, from - 1);
	const past = new Memory();
	past.seq = from - 1;
	past.window.start = Infinity; // counts nothing: only what the entries said is wanted
	for (const [slug, s] of memory.sources) past.sources.set(slug, s);
	for (let seq = from - 1; seq < to;) {
		const entries = await sql<
			Entry[]
		>`select seq, extract(epoch from at)::float8 as at, kind, payload from log where seq > ${seq} and seq <= ${to} order by seq limit 500`;
		if (!entries.length) break;
		await facets.need(entries.flatMap((e) => (e.payload.cells ?? []).map((c) => c[1])));
		for (const e of entries) {
			// Who could see it before has to hear that it is gone, also when that was long ago.
			const changed = e.payload.incident;
			if (changed && changed.version > 1 && !past.incidents.has(changed.id)) {
				const before = await incident.before(sql, changed);
				if (before.status !== 'closed') past.incidents.set(before.id, before);
			}
			replay.push(past.apply(e));
		}
		seq = entries.at(-1)!.seq;
	}
	return replay;
}
