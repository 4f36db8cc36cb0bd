import { isProblem } from '$lib/core/error';
import { may, type Viewer } from '$lib/core/viewer';
import type { Client } from '../client';
import { within } from '../deadline';
import * as filter from '../filter';
import * as scope from '../scope';
import { visible } from './row';

export type Hit = { id: number; organisation: string; count: number };

/** Seconds that the search may take. */
const PATIENCE = 2;

/**
 * Whom reports since a moment (epoch seconds) were about, the most reports first: not what leaves them. Null when the
 * viewer may not read the names, or when it takes too long to count.
 */
export async function hit(
	{ sql }: Client,
	viewer: Viewer,
	where: filter.Facets,
	from: number,
	limit = 8
): Promise<Hit[] | null> {
	if (!may(viewer, 'constituent.read')) return null;
	try {
		const rows = await within(
			sql,
			PATIENCE,
			(tx) => tx<Hit[]>`
				select c.id, c.organisation, s.n as count from (
					select o.constituent_id as id, count(*)::bigint as n from facets f join observations o on o.facet_id = f.id and o.observed_at >= to_timestamp(${from})
					where ${scope.facets(tx, viewer)} ${filter.facets(tx, where)} and f.direction <> 'outbound' and o.constituent_id is not null group by 1
				) s join constituents c on c.id = s.id where ${visible(tx, viewer)} order by s.n desc, c.id limit ${limit}`
		);
		return [...rows];
	} catch (e) {
		if (isProblem(e) && e.code === 'too_slow') return null;
		throw e;
	}
}
