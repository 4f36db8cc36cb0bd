import type { Sql } from '../store/client';
import type { Facets } from '../store/facet';
import { after, type Entry } from '../store/log';
import * as usual from '../store/usual';
import type { Count } from '../store/usual';

/** Entries, and counts of them, of one step at the most: what has been delivered in bulk must not hold up the rest. */
const PAGE = 50;
const COUNTS = 40_000;

/** What one step brought. `more`: there is more to follow; `counts`: those that were new to the judge. */
export type Followed = { entries: Entry[]; counts: Count[]; more: boolean };

/** That somebody else has moved the mark: this process leads no more. */
export class Overtaken extends Error {}
/** That an entry does not say whose reports it counts: whoever wrote it is older than this. */
export class Unnamed extends Error {}

/** Follows the log from a mark on: what it counts goes into `usual_cells`, in the transaction that moves the mark. */
export class Follower {
	/** when the last entry was written that has been followed, epoch seconds */
	at = 0;

	constructor(
		readonly sql: Sql,
		readonly facets: Facets,
		/** the mark */
		public seq: number,
		/** what was counted up to here is known to the judge already */
		readonly known: number
	) {}

	/**
	 * The next entries, as many as one step may take.
	 * @throws Overtaken, Unnamed
	 */
	async step(): Promise<Followed> {
		const page = await after(this.sql, this.seq, PAGE);
		if (!page.length) return { entries: [], counts: [], more: false };
		let size = 0;
		const taken = page.filter((e, i) => {
			const fits = i === 0 || size + (e.payload.cells?.length ?? 0) <= COUNTS;
			size = fits ? size + (e.payload.cells?.length ?? 0) : Infinity;
			return fits;
		});
		const to = taken.at(-1)!;
		const cells = taken.flatMap(counted);
		if (!(await usual.add(this.sql, this.seq, to.seq, cells)))
			throw new Overtaken(`the mark is not at ${this.seq} any more`);
		const counts = this.seq >= this.known ? cells : taken.filter((e) => e.seq > this.known).flatMap(counted);
		await this.facets.need(counts.map((c) => c[1]));
		this.seq = to.seq;
		this.at = to.at;
		return { entries: taken, counts, more: taken.length < page.length || page.length === PAGE };
	}
}

/** What an entry counts. @throws Unnamed */
export function counted({ seq, payload: { cells = [] } }: Entry): Count[] {
	return cells.map(([at, facet, n, source]) => {
		if (source === undefined) throw new Unnamed(`entry ${seq} of the log does not say whose reports it counts`);
		return [at, facet, n, source];
	});
}
