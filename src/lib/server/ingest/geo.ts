import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Reader } from 'maxmind';
import { Problem } from '$lib/core/error';
import type { Reference } from '../store/reference';
import type { End } from './format';

/**
 * Where an address is, by databases in the MaxMind DB format that the operator may have: one of cities, one of
 * autonomous systems. The provider of most addresses of a country registers them at its own place, and databases repeat
 * that: a location that holds more than a share of the country's IPv4 addresses is such a place, and says nothing of
 * where its users are. `docs/attribution.md` tells more.
 */
export type Geo = {
	/** the end with its AS number and country, where it does not state them */
	fill(end: End): End;
	/** the province of an end in our country; undefined when it is not known */
	province(end: End): string | undefined;
};

/** No database: nothing is added. */
export const NOWHERE: Geo = { fill: (end) => end, province: () => undefined };

const OURS = 'PK';
/** Records that are kept read. */
const CACHE = 20_000;
/** Records by where they stand in the file: most addresses share few of them. */
class Kept extends Map<string | number, unknown> {
	override set(at: string | number, record: unknown): this {
		if (this.size >= CACHE) this.clear();
		return super.set(at, record);
	}
}

/** Networks that are read before others get their turn. */
const TURN = 20_000;

/** What databases of different makers say of a city, in one shape. */
type City = { country?: string; state?: string; place: string };
type Raw = Record<string, unknown> | null;
/** A carrier's place, and how many of the country's addresses it holds. */
export type Carriers = { places: string[]; addresses: number; build: number };

export type Settings = {
	city?: string;
	asn?: string;
	/** 0 to 1 */ share: number;
	/** where what was counted is kept */ data: string;
};

/** @throws Problem `configuration` when a database cannot be read */
export async function open(settings: Settings, reference: Reference): Promise<Geo & { carriers: Carriers | null }> {
	const [city, asn] = await Promise.all([settings.city, settings.asn].map((paths) => readAll(paths)));
	const carriers = city ? await carriersOf(city, settings) : null;
	const places = new Set(carriers?.places);
	return {
		carriers,
		fill(end) {
			if (end.ip === undefined) return end;
			const number = end.asn ?? (asn && asnOf(look(asn, end.ip)));
			const country = end.country ?? (city && cityOf(look(city, end.ip))?.country);
			return number === end.asn && country === end.country ? end : { ...end, asn: number, country };
		},
		province({ ip }) {
			const found = ip === undefined || !city ? undefined : cityOf(look(city, ip));
			if (found?.country !== OURS || !found.state || places.has(found.place)) return undefined;
			return reference.province.get(found.state.toLowerCase());
		}
	};
}

/** Databases of the two families may be two files: `one.mmdb,other.mmdb`. */
async function readAll(paths: string | undefined): Promise<Reader<never>[] | undefined> {
	return paths === undefined ? undefined : Promise.all(paths.split(',').map((path) => read(path.trim())));
}

function look(all: Reader<never>[], ip: string): Raw {
	for (const one of all) {
		if (one.metadata.ipVersion === 4 && ip.includes(':')) continue;
		const found = one.get(ip) as Raw;
		if (found) return found;
	}
	return null;
}

async function read(path: string): Promise<Reader<never>> {
	try {
		return new Reader<never>(await readFile(path), { cache: new Kept() });
	} catch (e) {
		throw new Problem(
			'configuration',
			500,
			`${path} is no database of places or networks (MaxMind DB): ${e instanceof Error ? e.message : String(e)}`
		);
	}
}

/** Places of our country that hold more than a share of its IPv4 addresses. Counted once for each build of a database. */
async function carriersOf(city: Reader<never>[], { city: paths, share, data }: Settings): Promise<Carriers> {
	const sizes = await Promise.all(paths!.split(',').map(async (path) => (await stat(path.trim())).size));
	const build = city.reduce((sum, one, i) => sum + Number(one.metadata.buildEpoch) * 1000 + sizes[i]!, 0);
	const kept = join(data, 'carriers.json');
	// A file that a crash has cut off is none.
	const before = await readFile(kept, 'utf8')
		.then((text) => JSON.parse(text) as { build: number; counts: [string, number][] })
		.catch(() => null);
	const counts =
		before?.build === build
			? before.counts
			: [...(await count(city.find((c) => c.metadata.ipVersion === 4) ?? city[0]!))];
	if (before?.build !== build)
		await writeFile(`${kept}.new`, JSON.stringify({ build, counts }))
			.then(() => rename(`${kept}.new`, kept))
			.catch(() => {});
	const addresses = counts.reduce((sum, [, n]) => sum + n, 0);
	return { places: counts.filter(([, n]) => n > share * addresses).map(([place]) => place), addresses, build };
}

/** Addresses of our country at each place. */
async function count(city: Reader<never>): Promise<Map<string, number>> {
	const counts = new Map<string, number>();
	let seen = 0;
	for (let at = 0; at < 2 ** 32;) {
		const [raw, bits] = city.getWithPrefixLength(`${at >>> 24}.${(at >>> 16) & 255}.${(at >>> 8) & 255}.${at & 255}`);
		const size = 2 ** (32 - Math.min(Math.max(bits, 1), 32));
		const found = cityOf(raw);
		if (found?.country === OURS) counts.set(found.place, (counts.get(found.place) ?? 0) + size);
		at = Math.floor(at / size) * size + size;
		if (++seen % TURN === 0) await new Promise((next) => setImmediate(next));
	}
	return counts;
}

const text = (v: unknown): string | undefined => (typeof v === 'string' && v ? v : undefined);
const object = (v: unknown): Raw => (typeof v === 'object' && v !== null ? (v as Raw) : null);
const named = (v: unknown): string | undefined => text(object(object(v)?.names)?.en);

/** DB-IP's flat records (`country_code`, `state1`), and MaxMind's nested ones (`country.iso_code`, `subdivisions`). */
function cityOf(raw: Raw): City | undefined {
	if (!raw) return undefined;
	const country = text(raw.country_code) ?? text(object(raw.country)?.iso_code);
	const first = Array.isArray(raw.subdivisions) ? object(raw.subdivisions[0]) : null;
	const state =
		text(raw.state1) ??
		(first && (text(first.iso_code) ? `${country}-${String(first.iso_code)}` : named(first))) ??
		undefined;
	const at = object(raw.location) ?? raw;
	return {
		country,
		state,
		place: `${state ?? ''}|${text(raw.city) ?? named(raw.city) ?? ''}|${String(at?.latitude ?? '')}|${String(at?.longitude ?? '')}`
	};
}

function asnOf(raw: Raw): number | undefined {
	const n = Number(raw?.autonomous_system_number);
	return Number.isInteger(n) && n > 0 ? n : undefined;
}
