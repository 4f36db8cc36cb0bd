import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Topology } from 'topojson-specification';
import { Problem } from '$lib/core/error';
import type { Config } from './config';
import { folder } from './root';

const BUILT_IN = 'Natural Earth, approximate districts, de facto line';

/**
 * Reads the boundary set, the built-in one or the operator's.
 * @throws Problem `configuration` when it is no TopoJSON with an object `provinces` whose members carry ISO 3166-2 ids
 */
export function load(config: Config): { name: string; topology: Topology } {
	const file = config.WATCHFLOOR_BOUNDARIES ?? join(folder(), 'static', 'boundaries.topojson');
	const wrong = (what: string) => new Problem('configuration', 500, `WATCHFLOOR_BOUNDARIES ${what}`);
	let topology: Topology;
	try {
		topology = JSON.parse(readFileSync(file, 'utf8')) as Topology;
	} catch (e) {
		throw wrong(`cannot be read as JSON: ${e instanceof Error ? e.message : String(e)}`);
	}
	const provinces = topology?.type === 'Topology' ? topology.objects?.provinces : undefined;
	if (provinces?.type !== 'GeometryCollection')
		throw wrong('is a TopoJSON file with an object "provinces" (a GeometryCollection).');
	const id = (g: { id?: string | number; properties?: unknown }) =>
		g.id ?? (g.properties as { id?: string } | undefined)?.id;
	if (!provinces.geometries.length || !provinces.geometries.every((g) => /^PK-[A-Z]{2}$/.test(String(id(g)))))
		throw wrong('names each province by its ISO 3166-2 code, such as PK-PB, in "id".');
	return { name: config.WATCHFLOOR_BOUNDARIES ? config.WATCHFLOOR_BOUNDARIES_NAME! : BUILT_IN, topology };
}
