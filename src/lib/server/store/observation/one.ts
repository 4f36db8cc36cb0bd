import { forbidden, missing } from '$lib/core/error';
import type { Kind } from '$lib/core/observable';
import { placed } from '$lib/core/observation';
import { ofRank, rank, type Tlp } from '$lib/core/tlp';
import { may, type Viewer } from '$lib/core/viewer';
import type { Client } from '../client';
import { visible } from '../constituent/row';
import { within } from '../deadline';
import * as scope from '../scope';
import { PATIENCE } from './part';
import { columns, shape, type Observation, type Row } from './row';

/** One observation with where it came from. Times are epoch seconds. */
export type Detail = Observation & {
	/** the rule that placed it, in words */
	placed: string;
	/** its delivery: when it began, and what all of it came to; null for a viewer who may not see all that is counted */
	delivery: {
		batch: number;
		source: string;
		/** its slug for a viewer to whom its name is not told */
		sourceName: string;
		format: string;
		received: number;
		/** name of the file that it was, if it was one that said so */
		filename: string | null;
		counts: { accepted: number; duplicates: number; quarantined: number; ignored: number } | null;
	} | null;
	/** whose asset one of its ends is, for who may read that */
	constituent: { id: number; organisation: string } | null;
	/** values that it carries and that somebody says to look for, at most 100 */
	indicators: { id: string; kind: Kind; value: string; tlp: Tlp }[];
};

type Found = Row & {
	name: string;
	format: string;
	received: number | null;
	filename: string | null;
	counts: [number, number, number, number] | null;
	constituent: Detail['constituent'];
};

/**
 * One observation.
 * @param at its time (epoch seconds): with it, it is found at once; without, it is searched for in the order of time
 * @throws Problem 403; 404 when it is not there for this viewer; `too_slow` 503 when it was searched for too long
 */
export async function get(
	{ sql }: Pick<Client, 'sql'>,
	viewer: Viewer,
	id: string,
	at?: number,
	patience = PATIENCE
): Promise<Detail> {
	if (!may(viewer, 'observation.read')) throw forbidden();
	if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) throw missing('The observation');
	// An address has milliseconds, the database microseconds.
	const when =
		at === undefined
			? sql``
			: sql`and o.observed_at >= to_timestamp(${at - 0.002}) and o.observed_at <= to_timestamp(${at + 0.002})`;
	const all = viewer.clearance === 'red' && !viewer.sectors && !viewer.provinces;
	const top = rank(viewer.clearance);
	return within(sql, patience, async (tx) => {
		const [row] = await tx<Found[]>`
			select ${columns(tx)}, case when s.tlp <= ${top} then s.name else s.slug end as name, s.format, extract(epoch from b.received_at)::float8 as received, b.filename,
				${all ? tx`json_build_array(b.accepted, b.duplicates, b.quarantined, b.ignored)` : tx`null::json`} as counts,
				${
					may(viewer, 'constituent.read')
						? tx`(select json_build_object('id', c.id, 'organisation', c.organisation) from constituents c where c.id = o.constituent_id and ${visible(tx, viewer)})`
						: tx`null::json`
				} as constituent
			from observations o join facets f on f.id = o.facet_id and ${scope.facets(tx, viewer)} join sources s on s.id = o.source_id left join batches b on b.id = o.batch_id
			where o.id = ${id} ${when} limit 1`;
		if (!row) throw missing('The observation');
		const indicators = await tx<{ id: string; kind: Kind; value: string; tlp: number }[]>`
			select i.id, i.kind, left(i.value, 300) as value, c.tlp from sightings n join indicators i on i.id = n.indicator_id
				join lateral (select min(tlp) as tlp from claims where indicator_id = i.id and tlp <= ${top}) c on c.tlp is not null
			where n.observed_at = ${row.key}::text::timestamptz and n.observation_id = ${id} order by i.kind, i.value limit 100`;
		const { name, format, received, filename, counts, constituent, ...rest } = row;
		const [accepted, duplicates, quarantined, ignored] = counts ?? [];
		return {
			...shape(rest),
			placed: placed(rest.rule),
			delivery:
				received === null
					? null
					: {
							batch: rest.batch,
							source: rest.source,
							sourceName: name,
							format,
							received,
							filename,
							counts: counts && {
								accepted: accepted!,
								duplicates: duplicates!,
								quarantined: quarantined!,
								ignored: ignored!
							}
						},
			constituent,
			indicators: indicators.map((i) => ({ ...i, tlp: ofRank(i.tlp) }))
		};
	});
}
