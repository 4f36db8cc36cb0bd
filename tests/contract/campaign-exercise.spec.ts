import { afterAll, beforeAll, expect, it } from 'vitest';
import { history, SOURCES, truth, type Truth } from '../../src/exercise/generator';
import { DAY } from '../../src/lib/core/clock';
import { catchUp } from '../../src/lib/server/analysis/campaigns';
import * as campaign from '../../src/lib/server/store/campaign';
import { deliver, open, viewer, type Stage } from './stage';

/**
 * An exercise at the level of its reports: what was planted has to be found, each as one, and nothing else of its size.
 * `SEEDS`, `DAYS` and `RATE` make it a measurement.
 */
type Planted = Extract<Truth, { kind: 'campaign' }>;
type Found = { id: number; count: number; values: string[] };

const TO = Math.floor(Date.now() / 1000 / DAY) * DAY;
const DAYS = Number(process.env.DAYS ?? 12);
const RATE = Number(process.env.RATE ?? 0.15);
/** Seconds before the end in which what begins is not asked for: there may be too little of it yet. */
const EDGE = DAY / 2;

/** All that was planted around these days, and what of it must be found. */
function plan(seed: number): { known: Planted[]; planted: Planted[] } {
	const known = truth(seed, TO - DAYS * DAY, TO).filter((t): t is Planted => t.kind === 'campaign');
	return { known, planted: known.filter((t) => t.from >= TO - DAYS * DAY && t.from < TO - EDGE) };
}
/** The first seed of which these days have some campaigns that share nothing: what a day has depends on its date. */
function telling(): number {
	for (let seed = 1; ; seed++) {
		const { known, planted } = plan(seed);
		const values = known.flatMap((p) => [p.domain, p.address]);
		if (planted.length >= 3 && new Set(values).size === values.length) return seed;
	}
}
const SEEDS = process.env.SEEDS?.split(',').map(Number) ?? [telling()];

let stage: Stage;
beforeAll(async () => void (stage = await open()));
afterAll(() => stage.close());

/** Plays an exercise into the database; answers how many lines it had. */
async function play(seed: number, from: number, to: number): Promise<number> {
	const sources = new Map<string, number>();
	for (const s of SOURCES) sources.set(s.slug, await stage.source(s.tlp, `${s.slug}-${seed}`));
	const ingest = stage.intake();
	const lots = new Map<string, string[]>();
	const flush = async () => {
		for (const [slug, lines] of lots) await deliver(ingest, sources.get(slug)!, lines.join('\n') + '\n');
		lots.clear();
	};
	let n = 0;
	for (const { source, line } of history(seed, from, to, { rate: RATE })) {
		lots.set(source, [...(lots.get(source) ?? []), line]);
		if (++n % 2000 === 0) await flush();
	}
	await flush();
	return n;
}

it.each(SEEDS)(
	'each planted campaign of an exercise is found as one, and no other of its size (seed %i)',
	{ timeout: 1_800_000 },
	async (seed) => {
		await stage.client
			.sql`truncate traces, clues, campaigns, campaign_members, campaign_apart, observations, cells_minute, cells_hour, cells_day, log`;
		await stage.client.sql`delete from marks`;
		const lines = await play(seed, TO - DAYS * DAY, TO);
		const began = Date.now();
		const done = await catchUp(stage.client, TO);
		const { known, planted } = plan(seed);
		const found: Found[] = [];
		for (const { id, count } of (await campaign.list(stage.client, viewer(), { limit: 200 })).campaigns)
			found.push({ id, count, values: (await campaign.get(stage.client, viewer(), id)).shared.map((m) => m.value) });

		const of = (p: Planted) => found.filter((f) => f.values.includes(p.domain));
		const hits = planted.filter((p) => of(p).length === 1);
		const mine = new Set(planted.flatMap((p) => of(p).map((f) => f.id)));
		const others = found.filter((f) => !known.some((p) => of(p).includes(f)));
		const least = Math.min(...planted.flatMap((p) => of(p).map((f) => f.count)), Infinity);
		if (process.env.SEEDS)
			console.log(
				JSON.stringify({
					seed,
					lines,
					...done,
					ms: Date.now() - began,
					planted: planted.length,
					found: hits.length,
					addresses: hits.filter((p) => of(p)[0]!.values.includes(p.address)).length,
					sizes: planted.map((p) => of(p).map((f) => f.count)),
					others: others.map((f) => `${f.count} ${f.values.join(' ')}`)
				})
			);
		expect(planted.length).toBeGreaterThan(0);
		expect(hits.map((p) => p.name)).toEqual(planted.map((p) => p.name));
		// Two that were planted are never one.
		expect(mine.size).toBe(planted.length);
		expect(others.filter((f) => f.count >= least / 3)).toEqual([]);
	}
);
