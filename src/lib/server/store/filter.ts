import { isIP } from 'node:net';
import type { Sql, Tx } from './client';

export type Facets = {
	sector?: string;
	province?: string;
	class?: string;
	type?: string;
	severity?: string;
	direction?: string;
};
const FACETS = ['sector', 'province', 'class', 'type', 'severity', 'direction'] as const;

/** Conditions on `f` (facets), each with its `and`. */
export const facets = (sql: Sql | Tx, filter: Facets) =>
	FACETS.reduce(
		(all, name) => (filter[name] === undefined ? all : sql`${all} and f.${sql(name)} = ${filter[name]}`),
		sql``
	);

/** Conditions on `o` (observations), each with its `and`. A text that is an address is compared as one. */
export const observations = (sql: Sql | Tx, { source, q }: { source?: string; q?: string }) => sql`
	${source ? sql`and o.source_id = (select id from sources where slug = ${source})` : sql``}
	${!q ? sql`` : isIP(q) && !q.includes('%') ? sql`and (o.source_ip = ${q}::inet or o.destination_ip = ${q}::inet)` : sql`and (o.summary ilike ${like(q)} or o.fqdn ilike ${like(q)} or o.url ilike ${like(q)} or o.malware ilike ${like(q)})`}`;

const like = (q: string): string => `%${q.replace(/[\\%_]/g, '\\$&')}%`;
