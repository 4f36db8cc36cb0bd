import type { Sql } from './client';

/** Number of the advisory lock under which partitions are made and dropped. */
const LOCK = 7_407_002;
/** Milliseconds that those who write may be held up by dropping, and the SQLSTATE of a lock that was not to be had in them. */
const PATIENCE = 1000;
const LOCKED = '55P03';
const name = (month: string) => `observations_${month.replace('-', '_')}`;

/** `2026-11` of milliseconds since 1970 (UTC). */
export const month = (ms: number): string => new Date(ms).toISOString().slice(0, 7);

/** The months of moments, each once; those of a body are mostly of one day. */
export function months(all: number[]): Set<string> {
	const days = new Set(all.map((ms) => Math.floor(ms / 86_400_000)));
	return new Set([...days].map((d) => month(d * 86_400_000)));
}

function next(m: string): string {
	const [y, mo] = m.split('-').map(Number) as [number, number];
	return mo === 12 ? `${y + 1}-01` : `${y}-${String(mo + 1).padStart(2, '0')}`;
}

/** The monthly partitions of `observations` that this process knows to exist. */
export class Partitions {
	readonly #known = new Set<string>();

	constructor(readonly sql: Sql) {}

	/** Makes the partitions of these months where they are missing. Call it outside a transaction. */
	async ensure(months: Iterable<string>): Promise<void> {
		const missing = [...new Set(months)].filter((m) => !this.#known.has(m)).sort();
		if (!missing.length) return;
		await this.sql.begin(async (tx) => {
			await tx`select pg_advisory_xact_lock(${LOCK})`;
			for (const m of missing)
				await tx.unsafe(
					`create table if not exists ${name(m)} partition of observations for values from ('${m}-01T00:00:00Z') to ('${next(m)}-01T00:00:00Z')`
				);
		});
		for (const m of missing) this.#known.add(m);
	}

	/**
	 * Drops the months that ended before `oldest` (milliseconds since 1970), whole; answers their names. None while
	 * somebody reads observations for long: what waits for a reader would hold up all who write.
	 */
	async drop(oldest: number): Promise<string[]> {
		return this.#drop(oldest).catch((e: unknown) => {
			if (e instanceof Error && 'code' in e && e.code === LOCKED) return [];
			throw e;
		});
	}

	async #drop(oldest: number): Promise<string[]> {
		return this.sql.begin(async (tx) => {
			await tx`set local lock_timeout = ${tx.unsafe(String(PATIENCE))}`;
			await tx`select pg_advisory_xact_lock(${LOCK})`;
			const rows = await tx<
				{ name: string }[]
			>`select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'observations'::regclass order by 1`;
			const gone = rows
				.map((r) => r.name)
				.filter((n) => /^observations_\d{4}_\d{2}$/.test(n) && next(n.slice(13).replace('_', '-')) <= month(oldest));
			for (const n of gone) {
				await tx.unsafe(`drop table ${n}`);
				this.#known.delete(n.slice(13).replace('_', '-'));
			}
			return gone;
		}) as Promise<string[]>;
	}
}
