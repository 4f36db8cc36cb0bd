import type { Direction } from '$lib/core/direction';
import type { Severity } from '$lib/core/severity';
import type { Sql } from './client';

/** One combination of what a cell is counted by, apart from time; `tlp` is the rank. */
export type Facet = {
	id: number;
	province: string;
	sector: string;
	class: string;
	type: string;
	severity: Severity;
	direction: Direction;
	tlp: number;
};
type New = Omit<Facet, 'id'>;

const name = (f: New): string => `${f.province}|${f.sector}|${f.type}|${f.severity}|${f.direction}|${f.tlp}|${f.class}`;

/** The facets of the database, held in memory of a process: rows are never changed or removed, so it cannot be wrong, only behind. */
export class Facets {
	readonly byId = new Map<number, Facet>();
	readonly #byName = new Map<string, Facet>();

	constructor(readonly sql: Sql) {}

	/** Reads what has been added since the last time. */
	async refresh(): Promise<void> {
		// An id may be committed after a higher one; so read from a little before the highest that is known.
		for (const f of await this.sql<
			Facet[]
		>`select id, province, sector, class, type, severity, direction, tlp from facets where id > ${this.byId.size ? Math.max(...this.byId.keys()) - 1000 : 0}`)
			this.#hold(f);
	}

	/** The facets of these numbers are known afterwards. */
	async need(ids: Iterable<number>): Promise<void> {
		const unknown = [...new Set(ids)].filter((id) => !this.byId.has(id));
		if (unknown.length)
			for (const f of await this.sql<
				Facet[]
			>`select id, province, sector, class, type, severity, direction, tlp from facets where id = any(${unknown})`)
				this.#hold(f);
	}

	/** The number of a combination, if it is known here. */
	find(f: New): number | undefined {
		return this.#byName.get(name(f))?.id;
	}

	/** These combinations have a number afterwards; those that are new are added, by their own commit. */
	async add(facets: New[]): Promise<void> {
		const missing = [...new Map(facets.map((f) => [name(f), f])).values()].filter((f) => !this.#byName.has(name(f)));
		if (!missing.length) return;
		const column = <T>(of: (f: New) => T) => missing.map(of);
		const given = this
			.sql`unnest(${column((f) => f.province)}::text[], ${column((f) => f.sector)}::text[], ${column((f) => f.class)}::text[], ${column((f) => f.type)}::text[],
			${column((f) => f.severity)}::text[], ${column((f) => f.direction)}::text[], ${column((f) => f.tlp)}::smallint[]) as g (province, sector, class, type, severity, direction, tlp)`;
		await this
			.sql`insert into facets (province, sector, class, type, severity, direction, tlp) select * from ${given} order by 1, 2, 3, 4, 5, 6, 7 on conflict do nothing`;
		for (const f of await this.sql<
			Facet[]
		>`select f.* from facets f join ${given} using (province, sector, class, type, severity, direction, tlp)`)
			this.#hold(f);
	}

	#hold(f: Facet): void {
		this.byId.set(f.id, f);
		this.#byName.set(name(f), f);
	}
}
