import { Random } from '../../src/exercise/random';
import { blend } from '../../src/exercise/rhythm';
import { SOURCES } from '../../src/exercise/source';
import type { Special } from '../../src/lib/core/calendar';
import { DAY, HOUR, MINUTE } from '../../src/lib/core/clock';
import { UNLOCATED } from '../../src/lib/core/province';
import { TYPES } from '../../src/lib/core/rsit';
import { UNATTRIBUTED } from '../../src/lib/core/sector';
import type { Facet } from '../../src/lib/server/store/facet';
import { plan, type Attack, type Loss } from './plan';

/** Weeks of counts as an exercise would give, by the minute, with what really happened beside them. */
const WEEKS = 10;
/** Weeks before anything is judged. */
const BEFORE = 3;
/** When judging begins. */
export const first = (world: Pick<World, 'start'>): number => world.start + BEFORE * 7 * DAY;
/** Sizes of the series that attacks are aimed at, reports an hour on average. */
export const SIZES = [1, 10, 100, 1000] as const;

/** What one source sees in one cell. */
export type Cell = { source: number; facet: number; perHour: number; human: number };
export type Feed = {
	id: number;
	slug: string;
	/** minutes between deliveries */
	every: number;
	/** first and last moment at which it sees anything */
	from: number;
	/** delivers the reports of a day the next morning */
	daily: boolean;
	/** how its volume drifts: relative, over the ten weeks */
	drift: number;
};
export type Delivery = [source: number, minute: number, facet: number, n: number];
export type World = {
	seed: number;
	quiet: boolean;
	/** bursts of each size and height */
	each: number;
	start: number;
	end: number;
	facets: Map<number, Facet>;
	calendar: Special[];
	feeds: Feed[];
	cells: Cell[];
	/** cells made for attacks, by their size */
	targets: Map<number, Cell[]>;
	attacks: Attack[];
	losses: Loss[];
	/** nobody works on these days; the last one is not in the calendar */
	holidays: number[];
};

/** Volume against the exercise's own, whose shares are of 1,320 an hour. */
const PER_HOUR = 22 * 60;
/** Monday 7 September 2026, 00:00 PKT. */
const START = Date.UTC(2026, 8, 6, 19) / 1000;
/** Part of the reports that come hours or days late, whatever the source. */
const STRAY = 0.006;
/** Reports an hour below which a cell is rare. */
const RARE = 1;
/** How far an hour of a source, and of a cell, is off by itself (relative). */
const RESTLESS = { source: 0.06, cell: 0.1 };
/** What is left of work on a holiday. */
const REST = 0.35;
const DAILY = 'daily-late';
const NEW = 'new-source';
const TARGETS = 'sensors';

/**
 * A quiet world has every cell that an exercise has; one with attacks leaves out those in which hardly anything is ever
 * seen, for the sake of time: they are where nothing happens.
 */
export function make(seed: number, quiet: boolean, { weeks = WEEKS, each = 2, rare = quiet ? 0 : RARE } = {}): World {
	const random = new Random(seed, 'world');
	const facets = new Map<number, Facet>();
	const feeds: Feed[] = [];
	const cells: Cell[] = [];
	const targets = new Map<number, Cell[]>();
	const ids = new Map<string, number>();
	const feed = (slug: string, more: Partial<Feed> = {}): Feed => {
		const made = {
			...{ id: feeds.length + 1, slug, every: 1, from: START, daily: false, drift: (random.next() - 0.5) * 0.4 },
			...more
		};
		feeds.push(made);
		return made;
	};
	const cell = (of: Feed, province: string, sector: string, cls: string, perHour: number, human: number) => {
		const name = `${province}|${sector}|${cls}`;
		let id = ids.get(name);
		if (id === undefined) {
			ids.set(name, (id = ids.size + 1));
			const rest = { type: cls, severity: 'low', direction: 'inbound' } as unknown as Facet;
			facets.set(id, { ...rest, id, province, sector, class: cls, tlp: 1 });
		}
		const made = { source: of.id, facet: id, perHour, human };
		cells.push(made);
		return made;
	};

	const classOf = new Map(TYPES.map((t) => [t.slug, t.class]));
	for (const s of SOURCES) {
		const of = feed(s.slug, { every: s.every });
		const classes = new Map<string, number>();
		for (const [type, share] of s.types.parts) {
			const cls = classOf.get(type)!;
			if (cls !== 'test') classes.set(cls, (classes.get(cls) ?? 0) + share);
		}
		const sectors = [
			...s.sectors.parts.map(([n, x]) => [n, x * (1 - s.unattributed)] as const),
			[UNATTRIBUTED, s.unattributed] as const
		];
		const provinces = [
			...s.provinces.parts.map(([n, x]) => [n, x * (1 - s.unlocated)] as const),
			[UNLOCATED, s.unlocated] as const
		];
		for (const [cls, a] of classes)
			for (const [sector, b] of sectors)
				for (const [province, c] of provinces) {
					const perHour = (PER_HOUR * s.share * a * b * c) / 100;
					if (perHour > rare) cell(of, province, sector, cls, perHour, s.human);
				}
	}
	// Cells of known sizes, each in a place of its own, so that it is known what a surge there is about.
	const places: [string, string, string][] = [];
	for (const province of ['PK-PB', 'PK-SD', 'PK-IS', 'PK-KP'])
		for (const [sector, cls] of [
			['energy', 'intrusions'],
			['transport', 'fraud'],
			['media', 'abusive-content'],
			['health', 'information-content-security']
		] as const)
			places.push([province, sector, cls]);
	const aimed = feed(TARGETS);
	SIZES.forEach((size, i) => {
		const list = places.filter((_, p) => (p + Math.floor(p / 4)) % 4 === i);
		targets.set(
			size,
			list.map(([p, s, c]) => cell(aimed, p, s, c, size, 0.2 + 0.6 * random.next()))
		);
	});
	const daily = feed(DAILY, { daily: true });
	for (const p of ['PK-PB', 'PK-SD']) cell(daily, p, 'aviation', 'malicious-code', 20, 0.4);
	const late = feed(NEW, { from: START + Math.floor(0.6 * weeks * 7) * DAY + 11 * HOUR });
	for (const p of ['PK-PB', 'PK-SD', 'PK-IS'])
		for (const s of ['banking', 'telecom']) cell(late, p, s, 'vulnerable', 60, 0.5);

	const holidays = [24, 45, 58].map((d) => START + (d + random.int(0, 3)) * DAY);
	const world: World = {
		...{ seed, quiet, each, start: START, end: START + weeks * 7 * DAY, facets, feeds, cells, targets, holidays },
		calendar: holidays.slice(0, 2).map((from) => ({ from, to: from + DAY, kind: 'holiday', name: 'Holiday' })),
		attacks: [],
		losses: []
	};
	Object.assign(world, plan(world, new Random(seed, 'plan')));
	return world;
}

/** What is delivered in each minute, in order. */
export function* play(world: World): Generator<[minute: number, list: Delivery[]]> {
	const { seed, start, end, feeds, cells, holidays } = world;
	const coming = new Map<number, Delivery[]>();
	const byFeed = new Map(feeds.map((f) => [f.id, cells.filter((c) => c.source === f.id)]));
	const losses = new Map(feeds.map((f) => [f.id, world.losses.filter((l) => l.source === f.id)]));
	const put = (at: number, d: Delivery) => {
		const list = coming.get(at);
		if (list) list.push(d);
		else coming.set(at, [d]);
	};
	for (let hour = start; hour < end; hour += HOUR) {
		const idle = holidays.some((h) => h <= hour && hour < h + DAY);
		for (const feed of feeds) {
			if (hour < feed.from) continue;
			const random = new Random(seed, feed.slug, hour / HOUR);
			const own = off(random, RESTLESS.source) * (1 + (feed.drift * (hour - start)) / (end - start));
			const minutes = new Int32Array(60);
			for (const cell of byFeed.get(feed.id)!) {
				const usual = usually(cell, hour, idle) * own;
				const n = random.count(usual * off(random, RESTLESS.cell));
				minutes.fill(0);
				if (n > 300) for (let m = 0; m < 60; m++) minutes[m] = random.count(n / 60);
				else for (let i = 0; i < n; i++) minutes[random.int(0, 59)]!++;
				for (const a of world.attacks)
					for (const aim of a.aims)
						if (aim.cell === cell && a.from < hour + HOUR && a.to > hour)
							for (let m = 0; m < 60; m++)
								minutes[m]! += random.count(extra(a, aim.perHour, aim.times * usual, hour + m * MINUTE) / 60);
				for (let m = 0; m < 60; m++) {
					let left = minutes[m]!;
					if (!left) continue;
					const at = hour + m * MINUTE;
					for (let i = left > 50 ? random.count(left * STRAY) : 0; left <= 50 && i < left; i++) {
						if (random.next() >= STRAY) continue;
						left--;
						put(at, [feed.id, at - random.int(60, 4000) * MINUTE, cell.facet, 1]);
					}
					const when = delivered(feed, losses.get(feed.id)!, at);
					if (left && when !== undefined) put(when, [feed.id, at, cell.facet, left]);
				}
			}
		}
		for (let m = hour; m < hour + HOUR; m += MINUTE) {
			yield [m, coming.get(m) ?? []];
			coming.delete(m);
		}
	}
}

/** What a cell sees in an hour on average, but for the restlessness of everything. */
export const usually = (cell: Cell, hour: number, idle = false): number =>
	cell.perHour * (idle ? 1 - cell.human * (1 - REST) : 1) * blend(hour + HOUR / 2, cell.human);

/** More an hour than usual at a moment of an attack. */
function extra(a: Attack, flat: number, times: number, at: number): number {
	if (at < a.from || at >= a.to) return 0;
	return (flat + times) * (a.kind === 'ramp' ? (at - a.from) / (a.to - a.from) : 1);
}

/** When what was seen at a moment is delivered; undefined: never. */
function delivered(feed: Feed, losses: Loss[], at: number): number | undefined {
	// The morning after, 06:00 PKT.
	if (feed.daily) return (Math.floor((at + 5 * HOUR) / DAY) + 1) * DAY + HOUR;
	let when = (Math.floor(at / MINUTE / feed.every) + 1) * feed.every * MINUTE;
	if (feed.every === 1) when = at;
	for (const l of losses)
		if (when >= l.from && when < l.to) {
			if (!l.backlog) return undefined;
			when = l.to;
		}
	return when;
}

/** A factor around 1. */
function off(random: Random, sd: number): number {
	const z = Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
	return Math.exp(sd * z - (sd * sd) / 2);
}
