import { chromium, type BrowserContext, type Page } from '@playwright/test';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import * as machine from '../bench/machine';
import { LAUNCH } from '../browser';
import { check } from './check';
import * as sheet from './sheet';
import * as world from './world';

type Look = { width: number; height: number; colorScheme: 'light' | 'dark'; forcedColors?: 'active' };

/** `INCIDENT` and `OBSERVATION` stand for one that is there. */
const DESK = [
	...['/posture', '/alarms', '/rules', '/levels', '/sectors', '/sectors/telecom', '/provinces', '/provinces/PK-SD'],
	...['/incidents', '/incidents/INCIDENT', '/observations', '/observations/OBSERVATION', '/indicators', '/campaigns'],
	...['/constituents', '/outbound', '/outbound/notices', '/sources', '/calendar', '/quarantine', '/screens', '/design'],
	...['/login', '/setup']
];
/** Where a state that is not the usual one is looked at. */
const MAIN = ['/wall', '/posture', '/sectors/telecom', '/provinces/PK-SD', '/incidents', '/observations', '/sources'];
/** What a wall's own token must not open. */
const CLOSED = ['/rules', '/incidents', '/quarantine'];
const size = (text: string) => text.split('x').map(Number) as [number, number];
const looks = (sizes: string[], themes: Look['colorScheme'][]): Look[] =>
	sizes.flatMap((s) => themes.map((colorScheme) => ({ width: size(s)[0], height: size(s)[1], colorScheme })));
const WALL = looks(['1280x720', '1920x1080', '3840x2160', '1080x1920'], ['dark']);
const ALL = looks(['1440x900', '390x844'], ['light', 'dark']);
const FORCED: Look = { width: 1440, height: 900, colorScheme: 'light', forcedColors: 'active' };
const ONE = { wall: WALL.slice(1, 2), desk: ALL.filter((l) => l.colorScheme === 'light') };

async function run(): Promise<void> {
	const { values } = parseArgs({ options: { only: { type: 'string' }, out: { type: 'string' } } });
	const out = resolve(values.out ?? join(dirname(process.argv[1]!), '..', 'test-results', 'screens'));
	const only = values.only?.split(',').map((name) => `/${name.replace(/^\//, '')}`);
	const wanted = (path: string) => !only || only.some((name) => path === name || path.startsWith(`${name}/`));
	rmSync(out, { recursive: true, force: true });
	mkdirSync(out, { recursive: true });

	// It must not judge by itself: what is usual takes weeks to learn.
	const server = await machine.open({ WATCHFLOOR_ANALYSIS: 'off', WATCHFLOOR_EXERCISE: '1' });
	const browser = await chromium.launch(LAUNCH);
	const shots: sheet.Shot[] = [];
	try {
		const it = await world.begin(server);
		const enter = async (token: string): Promise<BrowserContext> => {
			const context = await browser.newContext({
				locale: 'en-GB',
				timezoneId: 'Asia/Karachi',
				reducedMotion: 'reduce'
			});
			await context.addCookies([{ name: 'watchfloor_token', value: token, url: server.base }]);
			return context;
		};
		const inside = await enter(it.token);
		const outside = await enter(it.wall);

		const load = async (path: string, context = inside) => {
			const page = await context.newPage();
			const said: string[] = [];
			page.on('pageerror', (e) => said.push(`script: ${e.message}`));
			page.on('console', (m) => m.type() === 'error' && said.push(`console: ${m.text()}`));
			if (path === '/login' || path === '/setup') await context.clearCookies();
			const at = path.replace(/[A-Z]{6,}/, (name) => it.ids[name] ?? '1');
			await page.goto(server.base + at, { waitUntil: 'load' });
			await page
				.waitForFunction(
					() => !document.querySelector('.fresh') || /live/i.test(document.querySelector('.fresh')!.textContent!),
					null,
					{ timeout: 15_000 }
				)
				.catch(() => {});
			if (path === '/login' || path === '/setup')
				await context.addCookies([{ name: 'watchfloor_token', value: it.token, url: server.base }]);
			return { page, said };
		};
		const shoot = async (page: Page, path: string, state: string, list: Look[], said: string[]) => {
			for (const look of list) {
				await page.setViewportSize(look);
				// A wall is opened at its size: what a changed window does for a moment is not what hangs there.
				if (path === '/wall' && state !== 'stale' && state !== 'disconnected') await page.reload();
				await page.emulateMedia({ colorScheme: look.colorScheme, forcedColors: look.forcedColors ?? 'none' });
				await page.waitForTimeout(400);
				const theme = look.forcedColors ? 'forced' : look.colorScheme;
				const name = `${path.slice(1).replaceAll('/', '-')} ${look.width}x${look.height} ${theme} ${state}`;
				const file = `${name.replaceAll(' ', '_')}.png`;
				const wall = path === '/wall';
				await page.screenshot({ path: join(out, file), fullPage: !wall });
				const found = [...(await page.evaluate(check, wall)), ...said.splice(0)];
				shots.push({ name, file, state, found });
				for (const text of found) console.error(`  ${name}: ${text}`);
			}
		};
		const take = async (state: string, paths: string[], all = false, context = inside) => {
			console.error(`${state} …`);
			for (const path of paths.filter(wanted)) {
				const { page, said } = await load(path, context);
				// A refusal is an answer that a browser calls an error.
				if (state === 'forbidden') said.length = 0;
				const list = path === '/wall' ? (all ? WALL : ONE.wall) : all ? ALL : ONE.desk;
				const forced = all && MAIN.includes(path) && path !== '/wall' ? [FORCED] : [];
				await shoot(page, path, state, [...list, ...forced], said);
				await page.close();
			}
		};
		/** Opens them while all is well, lets something happen, and looks again. */
		const happen = async (state: string, what: () => Promise<unknown>) => {
			console.error(`${state} …`);
			const opened = [];
			for (const path of ['/wall', '/posture', '/sectors/telecom'].filter(wanted))
				opened.push({ path, ...(await load(path)) });
			await what();
			await new Promise((done) => setTimeout(done, 7000));
			for (const { page, path, said } of opened) {
				said.length = 0; // the lost connection itself
				await shoot(page, path, state, path === '/wall' ? ONE.wall : ONE.desk, []);
				await page.close();
			}
		};

		await take('empty', ['/wall', ...DESK.filter((path) => !/[A-Z]{6,}/.test(path))]);
		await world.fill(server, it);
		await take('learning', MAIN);
		await world.judge(server, it);
		await take('full', ['/wall', ...DESK], true);
		await take('forbidden', CLOSED, false, outside);
		await world.names(server, it);
		await take('long', MAIN);
		await world.thousand(server, it);
		await take('thousand', MAIN);
		await world.giant(server, it);
		await take('giant', MAIN);
		await happen('stale', async () => process.kill(server.pid, 'SIGSTOP'));
		process.kill(server.pid, 'SIGCONT');
		await happen('disconnected', () => server.stop());
	} finally {
		writeFileSync(join(out, 'index.html'), sheet.html(shots));
		await browser.close();
		await server.close();
	}
	const found = shots.filter((s) => s.found.length);
	if (found.length) console.log(sheet.table(found));
	console.log(`${shots.length} pictures, ${found.length} with something to mend: ${join(out, 'index.html')}`);
	if (found.length) process.exitCode = 1;
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
run().catch((e: unknown) => {
	console.error(e);
	process.exitCode = 1;
});
