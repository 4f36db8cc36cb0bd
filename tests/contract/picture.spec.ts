import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { floor, HOUR } from '../../src/lib/core/clock';
import { STATUSES } from '../../src/lib/core/incident';
import { Picture, type Frame } from '../../src/lib/core/picture';
import { TLPS, type Tlp } from '../../src/lib/core/tlp';
import { says, type Sight } from '../../src/lib/server/live/audience';
import { Ready } from '../../src/lib/server/live/encoder';
import { Memory } from '../../src/lib/server/live/memory';
import { Replay } from '../../src/lib/server/live/replay';
import { Room } from '../../src/lib/server/live/room';
import * as aggregate from '../../src/lib/server/store/aggregate';
import { Facets } from '../../src/lib/server/store/facet';
import * as incident from '../../src/lib/server/store/incident';
import * as log from '../../src/lib/server/store/log';
import * as source from '../../src/lib/server/store/source';
import * as verify from '../../src/lib/server/store/verify';
import type { Answer } from '../../src/lib/wire/live';
import { browser, deliver, open, report, until, viewer, type Browser, type Stage } from './stage';

/** At every number of the log, a snapshot and the frames after it say what the database says, to every viewer. */

let stage: Stage;
let intakes: ReturnType<Stage['intake']>[];
let facets: Facets;
let sources: number[];
beforeAll(async () => {
	stage = await open();
	facets = new Facets(stage.client.sql);
	sources = [await stage.source('green'), await stage.source('red')];
});
afterEach(() => stage.rest());
afterAll(() => stage.close());

const some = <T>(...values: T[]) => fc.constantFrom(...values);
const sight = fc.record({
	clearance: some(...TLPS),
	sectors: some(null, null, ['telecom'], ['telecom', 'unattributed'], []),
	provinces: some(null, null, ['PK-SD'], ['PK-PB', 'unlocated'])
});
const one = fc.record({
	minutes: fc.oneof(fc.integer({ min: -4, max: 130 }), fc.integer({ min: 0, max: 3 * 1440 })),
	province: some('PK-PB', 'PK-SD', 'nwfp', undefined),
	sector: some('telecom', 'health', undefined, 'Nobody knows'),
	tlp: some<string | undefined>(...TLPS, undefined),
	type: some('phishing', 'scanner', 'test', 'c2-server', 'no-such-type'),
	severity: some('low', 'critical', undefined),
	ours: some('PK', undefined)
});
const step = fc.oneof(
	{
		weight: 6,
		arbitrary: fc.record({
			do: some('deliver' as const),
			who: fc.nat(1),
			source: fc.nat(1),
			list: fc.array(one, { maxLength: 12 }),
			again: fc.boolean()
		})
	},
	{
		weight: 2,
		arbitrary: fc.record({
			do: some('open' as const),
			tlp: some(...TLPS),
			sector: some('telecom', 'health', null),
			province: some('PK-SD', 'PK-PB', null)
		})
	},
	{
		weight: 3,
		arbitrary: fc.record({
			do: some('change' as const),
			which: fc.nat(30),
			to: fc.oneof(
				fc.record({ tlp: some(...TLPS) }),
				fc.record({ status: some(...STATUSES) }),
				fc.record({ sector: some('telecom', null), title: some('Changed') })
			)
		})
	},
	{ weight: 1, arbitrary: fc.record({ do: some('source' as const) }) },
	{ weight: 2, arbitrary: fc.record({ do: some('break' as const), which: fc.nat(3) }) },
	{ weight: 2, arbitrary: fc.record({ do: some('return' as const), which: fc.nat(3) }) },
	{ weight: 2, arbitrary: fc.record({ do: some('wait' as const), seconds: some(1, 60, 1800, HOUR, 5 * HOUR) }) },
	{ weight: 1, arbitrary: fc.record({ do: some('restart' as const) }) }
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

const last = new Map<number, Record<string, unknown>[]>();
/** What a step does to the database. */
async function act(s: Step): Promise<void> {
	if (s.do === 'deliver') {
		const records = s.list.map((r) =>
			report(r.minutes, {
				'extra.province': r.province,
				'extra.sector': r.sector,
				'extra.tlp': r.tlp,
				'classification.type': r.type,
				'extra.severity': r.severity,
				'destination.geolocation.cc': r.ours
			})
		);
		if (s.again) records.push(...(last.get(s.source) ?? []), ...records.slice(0, 3));
		last.set(s.source, records.slice(0, 12));
		await deliver(intakes[s.who]!, sources[s.source]!, [...records, ...(s.list.length % 4 ? [] : ['{broken'])]);
	} else if (s.do === 'open')
		await incident.open(
			stage.client,
			viewer(),
			{ title: 'Case', type: 'phishing', tlp: s.tlp, sector: s.sector, province: s.province },
			stage.rules
		);
	else if (s.do === 'change') {
		const { incidents } = await incident.list(stage.client, viewer(), { limit: 30 });
		const i = incidents[s.which % (incidents.length || 1)];
		if (i) await incident.change(stage.client, viewer(), i.id, i.version, s.to, stage.rules);
	} else if (s.do === 'source')
		await source.add(stage.client, 'cli', {
			slug: `late-${Date.now().toString(36)}-${Math.floor(Math.random() * 1e6)}`,
			format: 'intelmq',
			tlp: 'green',
			cadence: 60
		});
}

/** The counts of a picture by everything that it knows, one text a cell: hours, and minutes as far as it has them. */
function held(p: Picture): { hours: Record<string, number>; minutes: Record<string, number> } {
	const hours: Record<string, number> = {};
	const minutes: Record<string, number> = {};
	const add = (sums: Record<string, number>, t: number, key: string, n: number) =>
		(sums[`${t} ${key}`] = (sums[`${t} ${key}`] ?? 0) + n);
	for (const [t, cells] of p.window.hours) for (const [key, n] of cells) add(hours, t, key, n);
	for (const [t, cells] of p.window.minutes)
		for (const [key, n] of cells) {
			add(hours, floor(t, HOUR), key, n);
			add(minutes, t, key, n);
		}
	return { hours, minutes };
}

/** Holds a picture against the database, both at the same number. */
async function same(p: Picture, who: Sight): Promise<void> {
	const all = viewer(who);
	const to = Date.now() / 1000 + HOUR;
	const get = async (unit: 'hour' | 'minute', from: number) => {
		if (from >= to) return {};
		const answer = await aggregate.run(stage.client, all, {
			by: ['province', 'sector', 'class', 'severity', 'direction', unit],
			from,
			to
		});
		expect(answer.seq).toBe(p.seq);
		return Object.fromEntries(
			answer.cells.map((c) => [
				`${Date.parse(c[unit]!) / 1000} ${c.province}|${c.sector}|${c.class}|${c.severity}|${c.direction}`,
				c.count
			])
		);
	};
	const got = held(p);
	expect(got.hours).toEqual(await get('hour', p.window.from));
	expect(got.minutes).toEqual(await get('minute', p.window.start));
	for (const [by, table] of [
		['province', p.tally.provinces],
		['sector', p.tally.sectors],
		['class', p.tally.classes],
		['severity', p.tally.severities]
	] as const) {
		const from = floor(p.tally.now, HOUR) - 23 * HOUR; // never back, as clocks of two servers may be
		// The shown hours end with the present one.
		const cells = (await aggregate.run(stage.client, all, { by: [by], from, to: floor(p.tally.now, HOUR) + HOUR }))
			.cells;
		const sums = [...table.keys()].map((name) => [name, p.tally.total(table, name)] as const).filter(([, n]) => n);
		expect(Object.fromEntries(sums)).toEqual(Object.fromEntries(cells.map((c) => [c[by], c.count])));
	}
	const { incidents } = await incident.list(stage.client, all, { status: 'open', limit: 5000 });
	expect([...p.incidents.values()].sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual(
		incidents.sort((a, b) => (a.id < b.id ? -1 : 1))
	);
	const known = (await source.list(stage.client, all)).map(({ slug, name, format, tlp, cadence, last }) => ({
		slug,
		name,
		format,
		tlp,
		cadence,
		last
	}));
	expect([...p.sources.values()].sort((a, b) => (a.slug < b.slug ? -1 : 1))).toEqual(
		known.sort((a, b) => (a.slug < b.slug ? -1 : 1))
	);
}

/** A screen: what it sees, its picture, and whether it is cut off. */
type Screen = { who: Sight; room: Room; picture: Picture; away: boolean };

/** The live side without its sockets and timers: the log is read, folded, framed and handed out as it is there. */
class Desk {
	memory = new Memory();
	replay = new Replay(2000, 0);
	readonly screens: Screen[] = [];

	async start(): Promise<void> {
		this.memory = new Memory();
		await this.memory.load(stage.client.sql);
		await facets.need(
			[...this.memory.window.minutes.values(), ...this.memory.window.hours.values()].flatMap((cells) => [
				...cells.keys()
			])
		);
		this.replay = new Replay(2000, this.memory.seq);
		for (const s of this.screens) {
			s.room = new Room(s.who, this.memory, facets.byId);
			if (!s.away) this.join(s);
		}
	}

	add(who: Sight): void {
		const screen = { who, room: new Room(who, this.memory, facets.byId), picture: new Picture(), away: false };
		this.screens.push(screen);
		this.join(screen);
	}

	/** As a client does it: it resumes from its number if it has one, and takes a snapshot if it is given one. */
	join(s: Screen): void {
		s.away = false;
		const { room, picture } = s;
		if (room.sent !== this.memory.seq) this.#send(s, room.next([]));
		const missed = picture.seq < 0 || picture.seq > this.memory.seq ? undefined : this.replay.since(picture.seq);
		if (missed) {
			const { frames } = JSON.parse(room.back(picture.seq, missed).json) as { frames: Frame[] };
			for (const frame of frames) expect(picture.apply(frame)).toBe(true);
			return;
		}
		const { answer, after } = room.welcome();
		const said = JSON.parse(answer.json) as Answer;
		if (!('snapshot' in said)) throw new Error('no snapshot');
		picture.reset(said.snapshot);
		for (const frame of after) expect(picture.apply(JSON.parse(frame.json) as Frame)).toBe(true);
	}

	/** Reads what has been written, in pieces, and moves the clock to `now`. */
	async flush(now: number, piece: number): Promise<void> {
		for (let over = false; !over;) {
			const entries = await log.after(stage.client.sql, this.memory.seq, piece);
			await facets.need(entries.flatMap((e) => (e.payload.cells ?? []).map((c) => c[1])));
			over = entries.length < piece;
			const applied = entries.map((e) => this.memory.apply(e));
			this.memory.advance(now);
			for (const a of applied) this.replay.push(a);
			for (const s of this.screens) {
				const frame = s.room.next(applied);
				if (says(frame)) this.#send(s, frame);
			}
		}
		for (const s of this.screens) this.#send(s, s.room.next([])); // the beat
	}

	#send(s: Screen, frame: Frame): void {
		const json = JSON.stringify(frame);
		s.room.went(frame, new Ready(json));
		if (!s.away) expect(s.picture.apply(JSON.parse(json) as Frame)).toBe(true);
	}
}

describe('snapshot plus frames equals the aggregates', () => {
	it('over hundreds of random histories with breaks, restarts, late and broken reports, and turns of the hour', async () => {
		intakes = [stage.intake(), stage.intake()];
		let compared = 0;
		await fc.assert(
			fc.asyncProperty(
				fc.array(sight, { minLength: 1, maxLength: 3 }),
				fc.array(step, { minLength: 3, maxLength: 8 }),
				fc.integer({ min: 1, max: 4 }),
				async (sights, steps, piece) => {
					const desk = new Desk();
					await desk.start();
					for (const who of sights) desk.add(who);
					let later = 0;
					for (const s of steps) {
						const at = 'which' in s ? desk.screens[s.which % desk.screens.length] : undefined;
						if (s.do === 'break') at!.away = true;
						else if (s.do === 'return' && at!.away) desk.join(at!);
						else if (s.do === 'restart') {
							await desk.start();
							later = 0;
						} else if (s.do === 'wait') later += s.seconds;
						else await act(s);
						await desk.flush(Date.now() / 1000 + later, piece);
					}
					for (const s of desk.screens) {
						if (s.away) desk.join(s);
						await same(s.picture, s.who);
						compared++;
					}
				}
			),
			{ numRuns: 200 }
		);
		expect(compared).toBeGreaterThan(200);
		expect((await verify.run(stage.client.sql)).differences).toEqual([]);
	});

	it('over real sockets, while two processes write and the server is started again', async () => {
		intakes = [stage.intake(), stage.intake()];
		const views: { who: Sight; token: string; picture: Picture; socket?: Browser }[] = [];
		for (const [clearance, scope] of [
			['red', {}],
			['green', {}],
			['clear', { provinces: ['PK-SD'] }],
			['amber', { sectors: ['telecom'] }]
		] as [Tlp, { sectors?: string[]; provinces?: string[] }][])
			views.push({
				who: { clearance, sectors: scope.sectors ?? null, provinces: scope.provinces ?? null },
				token: await stage.token(clearance, scope),
				picture: new Picture()
			});
		const connect = async (view: (typeof views)[number], port: number) => {
			const socket = (view.socket = await browser(port, view.token));
			const early: Frame[] = [];
			let ready = false;
			const subscribe = async () => {
				ready = false;
				const answer: Answer = await socket
					.timeout(10_000)
					.emitWithAck('subscribe', view.picture.seq < 0 ? {} : { since: view.picture.seq });
				if ('snapshot' in answer) view.picture.reset(answer.snapshot);
				else if ('frames' in answer) for (const f of answer.frames) expect(view.picture.apply(f)).toBe(true);
				else throw new Error(JSON.stringify(answer));
				ready = true;
				for (const f of early.splice(0)) expect(view.picture.apply(f)).toBe(true);
			};
			socket.on('frame', (f) => (ready ? expect(view.picture.apply(f)).toBe(true) : early.push(f)));
			await subscribe();
		};
		let server = await stage.live();
		for (const view of views) await connect(view, server.port);
		for (const [round, steps] of fc
			.sample(fc.array(step, { minLength: 12, maxLength: 12 }), { numRuns: 12, seed: 5 })
			.entries()) {
			await Promise.all(
				[0, 1].map(async (half) => {
					for (const s of steps.filter((_, i) => i % 2 === half))
						await act(s).catch((e: { status?: number }) => expect(e.status, String(e)).toBe(412));
				})
			);
			const view = views[round % views.length]!;
			if (round % 3 === 1) {
				view.socket!.close();
				await act(steps[0]!);
				await connect(view, server.port);
			}
			if (round % 5 === 4) {
				for (const v of views) v.socket!.close();
				await server.close();
				for (const s of steps) await act(s).catch(() => {});
				server = await stage.live();
				for (const v of views) await connect(v, server.port);
			}
			const head = await log.head(stage.client.sql);
			for (const v of views) {
				await until(() => v.picture.seq === head);
				await same(v.picture, v.who);
			}
		}
		for (const v of views) v.socket!.close();
		expect((await verify.run(stage.client.sql)).differences).toEqual([]);
	});
});
