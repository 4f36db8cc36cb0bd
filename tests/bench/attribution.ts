import { Builder, type Attribution } from '../../src/lib/server/ingest/attribution';
import { fixed, median, whole, type Figure } from './figure';
import type { Options } from './main';

/**
 * Whose an address is, among a million random IPv4 networks and 200,000 of IPv6, beside a plain Map that is asked for
 * the same texts. Half of the addresses lie in some network. Times are of the processor, so that others do not count.
 */
export async function run(options: Options): Promise<Figure[]> {
	const [n4, n6, asked] = options.quick ? [20_000, 4000, 100_000] : [1_000_000, 200_000, 1_000_000];
	const random = generator(20261124);
	const { attribution, inside4, inside6, built } = make(n4, n6, random);
	const figures: Figure[] = [];
	const mixes = [
		{
			name: `IPv4 address among ${whole(n4)} networks`,
			texts: mix(asked, inside4, () => text4(random(2 ** 32)), random)
		},
		{
			name: `IPv6 address among ${whole(n6)} networks`,
			texts: mix(
				asked,
				inside6,
				() => text6([0x2400_0000 + random(2 ** 24), random(2 ** 32), random(2 ** 32), random(2 ** 32)]),
				random
			)
		}
	];
	for (const { name, texts } of mixes) {
		const map = new Map(texts.map((text, i) => [text, i]));
		const [ours, floors]: [number[], number[]] = [[], []];
		let found = 0;
		for (let round = 0; round < 5; round++) {
			const from = cpu();
			for (const ip of texts) if (attribution.find({ ip })) found++;
			const middle = cpu();
			for (const ip of texts) if (map.get(ip) === undefined) found++;
			ours.push(((middle - from) * 1e9) / texts.length);
			floors.push(((cpu() - middle) * 1e9) / texts.length);
		}
		const [figure, floor] = [median(ours), median(floors)];
		figures.push({
			part: 'attribution',
			what: name,
			figure: `${whole(figure)} ns/look-up`,
			floor: `${whole(floor)} ns/look-up of a Map`,
			ratio: fixed(figure / floor, 2),
			budget: '< 1,000 ns',
			met: figure < 1000,
			numbers: { ours, floors, found, built }
		});
	}
	figures.push({
		part: 'attribution',
		what: `making the index of ${whole(n4 + n6)} networks`,
		figure: `${fixed(built)} s`
	});
	return figures;
}

/** Networks in order, as the database hands them over. */
function make(
	n4: number,
	n6: number,
	random: (below: number) => number
): { attribution: Attribution; inside4: string[]; inside6: string[]; built: number } {
	const owners = Array.from({ length: 10_000 }, (_, id) => ({ id, sector: 'telecom', province: null }));
	const short = Array.from({ length: n4 }, () => {
		const bits = 12 + random(21);
		return [
			bits === 32 ? random(2 ** 32) : Math.floor(random(2 ** 32) / 2 ** (32 - bits)) * 2 ** (32 - bits),
			bits
		] as const;
	}).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
	const long = Array.from({ length: n6 }, () => {
		const bits = 32 + random(33);
		const low = random(2 ** 32);
		return [
			0x2400_0000 + random(2 ** 24),
			bits === 64 ? low : Math.floor(low / 2 ** (64 - bits)) * 2 ** (64 - bits),
			bits
		] as const;
	}).sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]);
	const values = [
		...short.map(([first, bits]) => `${text4(first)}/${bits}`),
		...long.map(([high, low, bits]) => `${text6([high, low, 0, 0])}/${bits}`)
	];
	const began = cpu();
	const builder = new Builder();
	for (const value of values) builder.add({ kind: 'cidr', value, owner: random(owners.length) });
	const attribution = builder.done(owners);
	const built = cpu() - began;
	return {
		attribution,
		built,
		inside4: short.map(([first]) => text4(first)),
		inside6: long.map(([high, low]) => text6([high, low, 0, random(2 ** 32)]))
	};
}

const mix = (n: number, inside: string[], outside: () => string, random: (below: number) => number): string[] =>
	Array.from({ length: n }, (_, i) => (i % 2 ? inside[random(inside.length)]! : outside()));
const text4 = (n: number): string =>
	[n / 2 ** 24, (n / 2 ** 16) % 256, (n / 2 ** 8) % 256, n % 256].map(Math.floor).join('.');
const text6 = (words: number[]): string =>
	words.flatMap((w) => [Math.floor(w / 65_536).toString(16), (w % 65_536).toString(16)]).join(':');

/** Numbers below a limit, the same ones each time (mulberry32). */
function generator(seed: number): (below: number) => number {
	return (below) => {
		seed = (seed + 0x6d2b79f5) | 0;
		let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
	};
}

/** Seconds of the processor that this process has used. */
function cpu(): number {
	const { user, system } = process.cpuUsage();
	return (user + system) / 1e6;
}
