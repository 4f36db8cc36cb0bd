import type { Viewer } from '$lib/core/viewer';
import type { Sql, Tx } from '../client';

/** An organisation that the CERT protects; times are epoch seconds. */
export type Constituent = {
	id: number;
	organisation: string;
	sector: string | null;
	province: string | null;
	team: string | null;
	version: number;
	updated: number;
};

export const columns = (sql: Sql | Tx) =>
	sql`c.id, c.organisation, c.sector, c.province, c.team, c.version, extract(epoch from c.updated_at)::float8 as updated`;

/** What the viewer may see, as a condition on `c` (constituents): one without a sector or province is in no scope of those. */
export const visible = (sql: Sql | Tx, viewer: Viewer) =>
	sql`true ${viewer.sectors ? sql`and c.sector = any(${viewer.sectors})` : sql``} ${viewer.provinces ? sql`and c.province = any(${viewer.provinces})` : sql``}`;

/** The same of one at hand. */
export const within = (viewer: Viewer, c: Pick<Constituent, 'sector' | 'province'>): boolean =>
	(!viewer.sectors || (c.sector !== null && viewer.sectors.includes(c.sector))) &&
	(!viewer.provinces || (c.province !== null && viewer.provinces.includes(c.province)));

/** Records who did what, in the transaction of the change. */
export async function record(
	tx: Tx,
	viewer: Viewer,
	action: string,
	subject: string,
	detail: Record<string, unknown>
): Promise<void> {
	await tx`insert into audit (actor, action, subject, detail) values (${viewer.id}, ${action}, ${subject}, ${tx.json(detail as never)})`;
}
