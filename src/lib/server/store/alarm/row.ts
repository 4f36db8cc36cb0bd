import type { Raised } from '$lib/core/alarm';
import { ofRank, rank } from '$lib/core/tlp';
import type { Viewer } from '$lib/core/viewer';
import type { Sql, Tx } from '../client';

/** An alarm with what only its rule needs to know of it. */
export type Held = Raised & {
	/** names the condition within its rule */
	key: string;
	/** what the condition consists of */
	parts: string[];
	constituents: number[];
	/** since when the condition has not been seen, while it is not sure that it has ended */
	absent: number | null;
};

export type Row = Omit<Held, 'tlp' | 'acknowledged' | 'shelved'> & {
	tlp: number;
	ackAt: number | null;
	ackBy: string | null;
	shelfUntil: number | null;
	shelfBy: string | null;
	shelfReason: string | null;
};

export const columns = (sql: Sql | Tx) => sql`
	a.id, a.rule, a.key, a.kind, a.priority, a.standing, a.response, a.sector, a.province, a.source, a.tlp, a.said, a.href, a.parts, a.constituents,
	extract(epoch from a.raised_at)::float8 as raised, extract(epoch from a.updated_at)::float8 as updated, extract(epoch from a.absent_at)::float8 as absent, extract(epoch from a.returned_at)::float8 as returned,
	extract(epoch from a.acknowledged_at)::float8 as "ackAt", a.acknowledged_by as "ackBy",
	extract(epoch from a.shelved_until)::float8 as "shelfUntil", a.shelved_by as "shelfBy", a.shelved_reason as "shelfReason", a.version`;

export function held({ tlp, ackAt, ackBy, shelfUntil, shelfBy, shelfReason, ...row }: Row): Held {
	return {
		...row,
		tlp: ofRank(tlp),
		acknowledged: ackAt === null ? null : { at: ackAt, by: ackBy ?? '' },
		shelved: shelfUntil === null ? null : { until: shelfUntil, by: shelfBy ?? '', reason: shelfReason ?? '' }
	};
}

/** What everybody may see who may see it, and what the log says of it. */
export function raised(row: Row): Raised {
	const { key: _, parts: __, constituents: ___, absent: ____, ...rest } = held(row);
	return rest;
}

/** What the viewer may see, as a condition on `a` (alarms): that a source is silent concerns every scope. */
export const visible = (
	sql: Sql | Tx,
	viewer: Viewer
) => sql`a.tlp <= ${rank(viewer.clearance)} and (a.kind = 'silence' or (true
	${viewer.sectors ? sql`and a.sector = any(${viewer.sectors})` : sql``} ${viewer.provinces ? sql`and a.province = any(${viewer.provinces})` : sql``}))`;
