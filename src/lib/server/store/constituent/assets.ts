import { moment, type Sql, type Tx } from '../client';
import type { Kind } from './asset';

/** Channel on which whoever holds the assets in memory is woken; the number tells what changed, so a lost one does no harm. */
export const CHANNEL = 'watchfloor_constituents';
/** Rows that are read, and handed on, at once: between two lots, others get their turn. */
const LOT = 5000;

export type Row = { kind: Kind; value: string; constituent: number };
export type Owner = { id: number; sector: string | null; province: string | null };

/** How often constituents have been changed. */
export async function version(sql: Sql | Tx): Promise<number> {
	const [row] = await sql<{ value: string }[]>`select value from meta where key = 'constituents'`;
	return Number(row?.value ?? 0);
}

/**
 * All assets: domains, AS numbers, then networks by family, first address and length, so that one that lies inside
 * another comes after it. The same asset of several comes in the order in which those were added.
 */
export async function* ordered(tx: Tx): AsyncGenerator<Row[]> {
	yield* tx<Row[]>`
		select kind, value, constituent_id as constituent from assets
		order by kind, case when kind = 'cidr' then value::inet end, value, constituent_id`.cursor(LOT);
}

/** Everything that placing reports needs, as of one moment; `take` gets the assets, in their order, lot by lot. */
export function read(sql: Sql, begin: (owners: Owner[]) => (rows: Row[]) => void): Promise<number> {
	return moment(sql, async (tx) => {
		await tx`set local statement_timeout = 0`;
		const at = await version(tx);
		const take = begin(await tx<Owner[]>`select id, sector, province from constituents`);
		for await (const rows of ordered(tx)) take(rows);
		return at;
	});
}
