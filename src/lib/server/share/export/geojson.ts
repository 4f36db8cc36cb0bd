import type { Geometry } from 'geojson';
import { feature } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import { label } from '$lib/core/tlp';
import { UNLOCATED, type Province } from '$lib/core/province';
import type { Drawn } from '../../store/slice';
import { head, iso, type About } from './about';

export type Boundary = { name: string; topology: Topology };

/**
 * Counts by province (RFC 7946), with the shapes of the boundary set. All provinces stand there, those of nothing too;
 * what is not located has no geometry. Where an observation was is not known any closer.
 */
export function geojson(
	about: About,
	drawn: Pick<Drawn, 'from' | 'to' | 'total' | 'by'>,
	boundary: Boundary,
	provinces: Pick<Province, 'code' | 'name'>[]
): string {
	const shapes = feature(boundary.topology, boundary.topology.objects.provinces as GeometryCollection);
	const shape = new Map<string, Geometry>();
	for (const f of shapes.features) shape.set(String(f.id ?? (f.properties as { id?: string } | null)?.id), f.geometry);
	const counts = new Map(drawn.by.province.map((s) => [s.key, s.count]));
	const place = (code: string, name: string) => ({
		type: 'Feature',
		id: code,
		geometry: shape.get(code) ?? null,
		properties: {
			province: code,
			name,
			count: counts.get(code) ?? 0,
			tlp: label(about.marking),
			...(about.exercise ? { exercise: true } : {})
		}
	});
	const { order: _, ...said } = head(about);
	return (
		JSON.stringify({
			type: 'FeatureCollection',
			...said,
			from: iso(drawn.from),
			to: iso(drawn.to),
			total: drawn.total,
			boundaries: boundary.name,
			note: 'Counts of observations by province. No coordinates of an observation are claimed: a shape is that of the province as the boundary set has it, and is no statement about borders. Observations that are in no province are the feature without a geometry.',
			features: [...provinces.map((p) => place(p.code, p.name)), place(UNLOCATED, 'Unlocated')]
		}) + '\n'
	);
}
