import type { Names } from '$lib/core/alarm/flood';
import { UNLOCATED } from '$lib/core/province';
import { UNATTRIBUTED } from '$lib/core/sector';

type Reference = { sectors: { slug: string; short: string }[]; provinces: { code: string; short: string }[] };

/** Names of places and sectors as alarms have them. */
export function of({ sectors, provinces }: Reference): Names {
	const bySlug = new Map([
		...sectors.map((s) => [s.slug, s.short] as const),
		[UNATTRIBUTED, 'sector not known'] as const
	]);
	const byCode = new Map([
		...provinces.map((p) => [p.code, p.short] as const),
		[UNLOCATED, 'place not known'] as const
	]);
	return { sector: (slug) => bySlug.get(slug) ?? slug, province: (code) => byCode.get(code) ?? code };
}
