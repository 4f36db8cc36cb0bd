import { forbidden } from '$lib/core/error';
import { may, type Viewer } from '$lib/core/viewer';
import type { Client } from '../client';
import { visible } from './row';
import { write, type Column } from './table';

/** All constituents that the viewer may see as CSV, by name, which `importCsv` reads back to the same. */
export function exportCsv({ sql }: Client, viewer: Viewer): AsyncIterable<string> {
	if (!may(viewer, 'constituent.read')) throw forbidden();
	async function* rows(): AsyncGenerator<Record<Column, string>> {
		const lots = sql<Record<Column, string>[]>`
			select c.organisation, coalesce(c.sector, '') as sector, coalesce(c.province, '') as province, coalesce(c.team, '') as team,
				coalesce((select string_agg(a.value, ' ' order by a.kind, case when a.kind = 'cidr' then a.value::inet end, a.value) from assets a where a.constituent_id = c.id), '') as assets
			from constituents c where ${visible(sql, viewer)} order by lower(c.organisation), c.id`.cursor(200);
		for await (const lot of lots) yield* lot;
	}
	return write(rows());
}
