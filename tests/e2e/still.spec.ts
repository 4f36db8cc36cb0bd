import type { Page } from '@playwright/test';
import { plant, row } from '../plant';
import { report, Server } from './server';
import { enter, expect, live, test } from './watch';

/**
 * How the wall, the posture page and a sector look, against pictures that are kept beside this file. Whoever changes a
 * look on purpose makes them anew and looks at them before they are committed:
 *
 *     npm test -- --only e2e still --update-snapshots
 *
 * What tells the time is covered. Letters are Inter from the build, so that another machine draws them nearly the same.
 */
const HOUR = 3_600_000;
/** Fewer pixels than this share may differ: what letters differ by from one machine to another, and no panel. */
const MOST = 0.01;

test.describe('a screen looks as it did', () => {
	let server: Server;
	let token: string;
	test.beforeAll(async () => {
		server = await Server.open({ WATCHFLOOR_ANALYSIS: 'off' });
		await server.source('sensors');
		token = await server.token('still', 'operator', 'red');
		const sectors = ['banking', 'telecom', 'health', 'government'];
		const provinces = ['PK-SD', 'PK-IS', 'PK-KP', 'PK-PB'];
		// By whole hours before this one, so that it does not matter at which minute of the hour it runs.
		const hour = Math.floor(Date.now() / HOUR) * HOUR;
		await server.post(
			'sensors',
			Array.from({ length: 22 * 12 }, (_, i) =>
				report(
					{ 'extra.sector': sectors[i % 4], 'extra.province': provinces[(i + (i >> 3)) % 4] },
					hour - (2 + Math.floor(i / 12)) * HOUR + (i % 12) * 240_000
				)
			)
		);
		for (const [title, severity, sector, province] of [
			['Mobile core signalling flood', 'severe', 'telecom', 'PK-IS'],
			['Card data offered for sale', 'medium', 'banking', 'PK-SD']
		])
			await server.api(token, '/api/v1/incidents', { title, severity, sector, province, type: 'ddos' });
		await plant(server, [row('*', '*', 40, 12), row('*', 'telecom', 30, 4), row('PK-IS', '*', 30, 4)]);
	});
	test.afterAll(() => server.close());

	for (const [path, width, height, scheme] of [
		['/wall', 1920, 1080, 'dark'],
		['/posture', 1440, 900, 'light'],
		['/sectors/telecom', 1440, 900, 'light']
	] as const) {
		test(`${path}`, async ({ page }) => {
			await page.setViewportSize({ width, height });
			await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
			await enter(page, server, token, path);
			await live(page);
			await settle(page);
			const name = `${path.slice(1).replace('/', '-')}.png`;
			const look = { maxDiffPixelRatio: MOST, threshold: 0.08, animations: 'disabled' } as const;
			await expect(page).toHaveScreenshot(name, look);
			if (/all|changed/.test(test.info().config.updateSnapshots)) return;

			// That it can fail: the ground a little lighter, and what stands on it elsewhere.
			for (const content of [
				':root { --ground: light-dark(#dfe4e4, #2a3036) !important }',
				':is(main, .scene) { transform: translate(2rem, 2rem) !important }'
			]) {
				const style = await page.addStyleTag({ content });
				const same = await expect(page)
					.toHaveScreenshot(name, { ...look, timeout: 4000 })
					.then(
						() => 'the same',
						(e: Error) => /ratio ([\d.]+)/.exec(e.message)?.[1] ?? e.message
					);
				expect(Number(same), content).toBeGreaterThan(MOST);
				console.log(`  ${path}: ${content} differs by ${same}`);
				await style.evaluate((e) => e.parentNode?.removeChild(e));
			}
		});
	}
});

/** Covers what says a time, an age, or a minute of the present hour; keeps burn-in from moving the picture. */
async function settle(page: Page): Promise<void> {
	await page.addStyleTag({
		content: `
			time, .fresh, .clock, .age, .axis, [data-moving] { visibility: hidden !important }
			.wall { translate: none !important }
			* { caret-color: transparent !important; scrollbar-width: none !important }
		`
	});
	// Any text that has a time of day, a date or an age in it, wherever it stands.
	const cover = () => {
		const told = /\d\d:\d\d|\b\d+ ?(s|min|h|d)\b|just now|\b\d{1,2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)/;
		const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
		while (walker.nextNode()) {
			const { parentElement, nodeValue } = walker.currentNode;
			if (told.test(nodeValue ?? '')) parentElement?.style.setProperty('visibility', 'hidden');
		}
	};
	await page.evaluate(cover);
	await page.waitForTimeout(600);
	await page.evaluate(cover);
}
