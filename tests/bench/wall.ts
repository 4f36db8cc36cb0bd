import type { Browser, Page } from '@playwright/test';
import { ALL, type Row } from '../../src/lib/core/judgement';
import { PROVINCES } from '../../src/lib/core/province';
import { CLASSES } from '../../src/lib/core/rsit';
import { SECTORS } from '../../src/lib/core/sector';
import { LAUNCH } from '../browser';
import { plant } from '../plant';
import { fixed, quantile, whole, type Figure } from './figure';
import * as machine from './machine';
import type { Options } from './main';
import { busy } from './process';
import type { Poster } from './poster';
import * as worker from './worker';

const RATE = 500;
const EACH = 50;
const MB = 1e6;
/** Seconds that count as the start, and minutes after which the heap is compared. */
const START = 15;
const WARM = 3;
/** The scenes that take turns, and seconds of each. */
const SCENES = ['nation', 'sector', 'province', 'sources'];
const TURN = 20;
/** With fewer minutes an hour's growth is a guess, and is not judged. */
const ENOUGH = 20;

/** What the page itself writes down; times are milliseconds since it was opened, `on` is the scene. */
type Seen = { frames: number; now: number; tasks: { at: number; ms: number; on: string; by: string[] }[] };
type Minute = { at: number; heap: number; nodes: number; listeners: number; busy: number; frames: number };

/**
 * The wall in a real Chromium at 500 reports a second, its scenes taking turns, each minute judged anew (by us: what is
 * usual takes weeks to learn). Once a minute the heap is collected and measured; long tasks and frames are counted in
 * the page. Without a GPU it draws in software, on the cores that also run the server.
 */
export async function run(options: Options): Promise<Figure[]> {
	const minutes = options.minutes ?? (options.quick ? 1 : 5);
	const { chromium } = await import('@playwright/test');
	const server = await machine.open({ WATCHFLOOR_ANALYSIS: 'off' }, options.flags);
	const poster = worker.open<Poster>('poster');
	let browser: Browser | undefined;
	try {
		const to = { port: server.port, source: 'bench', token: await server.source('bench') };
		const token = await server.token('wall', 'red', 'wall');
		await plant(server, judged());
		browser = await chromium.launch(LAUNCH);
		const context = await browser.newContext({ viewport: { width: 1920, height: 1080 } });
		await context.addCookies([{ name: 'watchfloor_token', value: token, url: server.base }]);
		const page = await context.newPage();
		const broken: string[] = [];
		page.on('pageerror', (e) => broken.push(e.message));
		await page.addInitScript(watch);
		const seed = Date.now() % 1_000_000;
		const posting = poster.ask('steady', to, { rate: RATE, each: EACH, seconds: minutes * 60, seed });
		posting.catch(() => {});
		const desk = await server.token('desk', 'red', 'operator');
		await page.goto(`${server.base}/wall?screen=bench`);
		await page.waitForResponse((r) => r.url().endsWith('/wall/seen'));
		const set = (scenes: string[]) => settle(server.base, desk, { scenes, seconds: TURN });
		await set(SCENES);

		const cdp = await context.newCDPSession(page);
		await cdp.send('Performance.enable');
		const own: [number, number][] = [];
		const list: Minute[] = [];
		const loads: number[] = [];
		let told = 0;
		let before = { at: performance.now(), busy: 0, frames: 0 };
		for (const begun = before.at; list.length < minutes;) {
			const wait = begun + (list.length + 1) * 60_000 - performance.now();
			loads.push(await busy(Math.max(1000, wait)));
			const from = await page.evaluate(() => performance.now());
			const { metrics } = await cdp.send('Performance.getMetrics');
			const seen = await page.evaluate(read);
			await cdp.send('HeapProfiler.collectGarbage');
			const heap = (await cdp.send('Runtime.getHeapUsage')).usedSize;
			own.push([from, await page.evaluate(() => performance.now())]);
			const metric = (name: string) => metrics.find((m) => m.name === name)?.value ?? NaN;
			const now = performance.now();
			const seconds = (now - before.at) / 1000;
			list.push({
				at: (now - begun) / 60_000,
				heap: heap / MB,
				nodes: metric('Nodes'),
				listeners: metric('JSEventListeners'),
				busy: (metric('TaskDuration') - before.busy) / seconds,
				frames: (seen.frames - before.frames) / seconds
			});
			await plant(server, judged());
			before = { at: now, busy: metric('TaskDuration'), frames: seen.frames };
			const last = list.at(-1)!;
			console.error(
				`  minute ${list.length}: heap ${fixed(last.heap, 2)} MB, ${whole(last.nodes)} nodes, ${whole(last.listeners)} listeners, ${fixed(last.frames)} frames/s, main thread ${fixed(last.busy * 100, 0)} %, longest task ${whole(longest(seen, own).ms)} ms`
			);
			for (const task of late(seen, own).filter((t) => t.at >= told))
				console.error(`    ${fixed(task.at / 1000)} s, ${task.on}: ${whole(task.ms)} ms, ${task.by.join('; ')}`);
			told = seen.now;
		}
		const stamps = await posting;
		const seen = await page.evaluate(read);
		await set(['nation']);
		const sum = await settled(page, server.base, token);
		if (broken.length) throw new Error(`A script of the wall failed: ${broken[0]}`);
		return report({ list, seen, own, sum, loads, posted: stamps.length * EACH, memory: server.memory() });
	} finally {
		await browser?.close();
		await poster.close();
		await server.close();
	}
}

type Found = {
	list: Minute[];
	seen: Seen;
	own: [number, number][];
	sum: Sum;
	loads: number[];
	posted: number;
	memory: { peak: number };
};

function report({ list, seen, own, sum, loads, posted, memory }: Found): Figure[] {
	const warm = list.slice(Math.min(WARM, list.length - 1) - 1 || 0);
	const hourly = slope(warm.map((m) => [m.at, m.heap])) * 60;
	const grown = warm.at(-1)!.heap - warm[0]!.heap;
	const after = late(seen, own);
	const over = after.filter((t) => t.ms > 50);
	const most = longest(seen, own);
	const enough = list.length >= ENOUGH;
	const frames = list.map((m) => m.frames);
	const last = list.at(-1)!;
	const load = loads.reduce((a, b) => a + b, 0) / loads.length;
	const name = `the wall, scenes in turns, ${list.length} min at ${whole(posted / (list.length * 60))} reports/s, 1920×1080`;
	return [
		{
			part: 'wall',
			what: `${name}: heap from minute ${Math.round(warm[0]!.at)} on, collected`,
			figure: `${fixed(warm[0]!.heap, 2)} → ${fixed(last.heap, 2)} MB (${signed(grown)}), slope ${signed(hourly)} MB/h`,
			budget: '< 10 MB/h',
			met: enough ? hourly < 10 : undefined,
			numbers: { list }
		},
		{
			part: 'wall',
			what: `longest task after the first ${START} s (${over.length} over 50 ms; machine ${fixed(load * 100, 0)} % busy)`,
			figure: most.ms ? `${whole(most.ms)} ms` : 'none over 50 ms',
			budget: '≤ 50 ms',
			met: !over.length,
			numbers: { tasks: seen.tasks, own }
		},
		{
			part: 'wall',
			what: 'frames a second, drawn in software; main thread busy',
			figure: `median ${fixed(quantile(frames, 0.5))}, least ${fixed(Math.min(...frames))}; ${fixed(last.busy * 100, 0)} %`
		},
		{
			part: 'wall',
			what: 'nodes of the page; listeners; memory of the server',
			figure: `${whole(warm[0]!.nodes)} → ${whole(last.nodes)}; ${whole(warm[0]!.listeners)} → ${whole(last.listeners)}; ${whole(memory.peak)} MiB`
		},
		{
			part: 'wall',
			what: 'reports of 24 h on the wall, and in the database, at the end',
			figure: `${whole(sum.wall)}, ${whole(sum.database)}`,
			budget: 'equal',
			met: sum.wall === sum.database,
			numbers: { ...sum, posted }
		}
	];
}

/** Sets the screen of the bench, as the desk does. */
async function settle(base: string, token: string, settings: { scenes: string[]; seconds: number }): Promise<void> {
	const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
	const { screens } = (await (await fetch(`${base}/api/v1/screens`, { headers })).json()) as {
		screens: { name: string; version: number }[];
	};
	const { name, version } = screens.find((s) => s.name === 'bench')!;
	const answer = await fetch(`${base}/api/v1/screens/${name}`, {
		method: 'PATCH',
		headers: { ...headers, 'if-match': `"${version}"` },
		body: JSON.stringify(settings)
	});
	if (!answer.ok) throw new Error(`The screen could not be set: ${await answer.text()}`);
}

/** What is drawn by deviation, all of it, a little otherwise each time. */
function judged(): Row[] {
	const now = Math.floor(Date.now() / 60_000) * 60;
	const hour = now - (now % 3600);
	const one = (unit: Row[0], at: number, province: string, sector: string, cls = ALL): Row => {
		const mean = 20 + 200 * Math.random();
		return [unit, at, province, sector, cls, Math.round(mean * (0.5 + 1.5 * Math.random())), mean, mean * 2, 'judged'];
	};
	const places = [ALL, ...PROVINCES.map((p) => p.code)];
	const sectors = [ALL, ...SECTORS.map((s) => s.slug)];
	return [
		...places.flatMap((p) => sectors.map((s) => one('now', now - 3600, p, s))),
		...CLASSES.map((c) => one('now', now - 3600, ALL, ALL, c.slug)),
		...Array.from({ length: 24 }, (_, i) => hour - i * 3600).flatMap((at) => [
			...sectors.map((s) => one('hour', at, ALL, s)),
			...places.slice(1).map((p) => one('hour', at, p, ALL))
		])
	];
}

/** Runs in the page before anything else does. */
function watch(): void {
	type Script = { duration: number; invoker: string; sourceURL: string; sourceFunctionName: string };
	type Entry = PerformanceEntry & { scripts?: Script[]; styleAndLayoutStart?: number };
	const seen: Omit<Seen, 'now'> = { frames: 0, tasks: [] };
	Object.assign(window, { seen });
	const near = (e: PerformanceEntry) =>
		seen.tasks.filter((t) => t.at < e.startTime + e.duration && t.at + t.ms > e.startTime);
	// A task comes before the animation frame that it is part of, and that says who ran in it.
	new PerformanceObserver((l) => {
		for (const e of l.getEntries()) {
			const on = document.querySelector<HTMLElement>('.wall')?.dataset.scene ?? '';
			seen.tasks.push({ at: e.startTime, ms: e.duration, on, by: [] });
		}
	}).observe({ type: 'longtask', buffered: true });
	try {
		new PerformanceObserver((l) => {
			for (const e of l.getEntries() as Entry[])
				for (const task of near(e))
					task.by.push(
						...(e.scripts ?? []).map(
							(s) =>
								`${s.invoker} ${s.sourceURL.split('/').at(-1)} ${s.sourceFunctionName} ${Math.round(s.duration)} ms`
						),
						`style and layout ${Math.round(e.startTime + e.duration - (e.styleAndLayoutStart || e.startTime + e.duration))} ms`
					);
		}).observe({ type: 'long-animation-frame', buffered: true });
	} catch {
		// An older Chromium says how long, but not who.
	}
	const count = () => {
		seen.frames++;
		requestAnimationFrame(count);
	};
	requestAnimationFrame(count);
}

const read = (): Seen => ({ ...(window as unknown as { seen: Seen }).seen, now: performance.now() });

/** Tasks after the start that are not those of measuring itself: a forced collection stops the page. */
const late = (seen: Seen, own: [number, number][]) =>
	seen.tasks.filter((t) => t.at > START * 1000 && !own.some(([from, to]) => t.at < to && t.at + t.ms > from));
const longest = (seen: Seen, own: [number, number][]) =>
	late(seen, own).reduce((a, b) => (b.ms > a.ms ? b : a), { at: 0, ms: 0, on: '', by: [] as string[] });

/** Least squares, MB a minute. */
function slope(points: [number, number][]): number {
	const mean = (list: number[]) => list.reduce((a, b) => a + b, 0) / list.length;
	const [x, y] = [mean(points.map((p) => p[0])), mean(points.map((p) => p[1]))];
	const below = points.reduce((sum, p) => sum + (p[0] - x) ** 2, 0);
	return below ? points.reduce((sum, p) => sum + (p[0] - x) * (p[1] - y), 0) / below : 0;
}
const signed = (n: number): string => `${n < 0 ? '−' : '+'}${fixed(Math.abs(n), 2)}`;

type Sum = { wall: number; database: number };

/** The total on the wall and in the database, when both have come to rest. */
async function settled(page: Page, base: string, token: string): Promise<Sum> {
	const sum: Sum = { wall: NaN, database: NaN };
	for (let i = 0; i < 20 && !(sum.wall === sum.database); i++) {
		await new Promise((done) => setTimeout(done, 500));
		// From the start of the whole hour 24 hours ago, as the wall counts.
		const from = new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000 - 86_400_000).toISOString();
		const answer = await fetch(`${base}/api/v1/aggregates?by=hour&from=${from}`, {
			headers: { authorization: `Bearer ${token}` }
		});
		sum.database = ((await answer.json()) as { total: number }).total;
		const label = await page.getByRole('img', { name: /^(Reports|Observations) by hour: / }).getAttribute('aria-label');
		sum.wall = Number(label?.split(' in ')[0]?.replace(/\D/g, ''));
	}
	return sum;
}
