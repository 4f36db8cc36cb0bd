import { RIGHTS, type Role } from './viewer';

/** The dimensions that narrow reports, as they are named in an address and in `GET /api/v1/observations`. */
export const FACETS = ['source', 'sector', 'province', 'class', 'type', 'severity', 'direction', 'q'] as const;
export type Facet = (typeof FACETS)[number];

/** A part of all observations: what a number or a mark counts. Times are epoch seconds, `to` is the moment after the last. */
export type Slice = { from?: number; to?: number } & Partial<Record<Facet, string>>;

/** The address parameters of a slice, always in the same order; times in ISO 8601 (UTC, whole seconds). */
export function params(slice: Slice): URLSearchParams {
	const out = new URLSearchParams();
	if (slice.from !== undefined) out.set('from', iso(slice.from));
	if (slice.to !== undefined) out.set('to', iso(slice.to));
	for (const facet of FACETS) if (slice[facet]) out.set(facet, slice[facet]);
	return out;
}

/** Where the observations of a slice are listed; null for a role that may not read single observations. */
export function href(role: Role, slice: Slice): string | null {
	if (!(RIGHTS['observation.read'] as readonly Role[]).includes(role)) return null;
	const query = params(slice).toString();
	return query ? `/observations?${query}` : '/observations';
}

const iso = (t: number): string => new Date(Math.floor(t) * 1000).toISOString().replace('.000Z', 'Z');
