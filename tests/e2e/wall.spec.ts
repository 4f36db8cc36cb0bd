import type { Page } from '@playwright/test';
import { Server } from './server';
import { enter, expect, test } from './watch';

const SCREENS = [
	{ width: 1280, height: 720 },
	{ width: 1080, height: 1920 },
	{ width: 7680, height: 4320 }
];

test.describe('a wall', () => {
	let server: Server;
	let token: string;
	test.beforeAll(async () => {
		server = await Server.open();
		token = await server.token('left', 'wall');
	});
	test.afterAll(() => server.close());

	const set = async (token: string, name: string, change: object): Promise<void> => {
		const { screens } = await server.api<{ screens: { name: string; version: number }[] }>(token, '/api/v1/screens');
		const version = screens.find((s) => s.name === name)?.version;
		const answer = await fetch(`${server.base}/api/v1/screens/${name}`, {
			method: 'PATCH',
			headers: {
				authorization: `Bearer ${token}`,
				'content-type': 'application/json',
				'if-match': `"${version}"`
			},
			body: JSON.stringify(change)
		});
		expect(answer.status, await answer.clone().text()).toBe(200);
	};
	/** That the page is exactly one screen; against burn-in it moves by a pixel. */
	const fits = (page: Page) =>
		page.evaluate(() => {
			const { scrollWidth, scrollHeight } = document.documentElement;
			const below = [...document.querySelectorAll('.scene *')].filter(
				(e) => !e.closest('.hush') && e.getBoundingClientRect().bottom > innerHeight + 2 && e.clientHeight > 1
			);
			return { wide: scrollWidth <= innerWidth + 1, high: scrollHeight <= innerHeight + 1, below: below.length };
		});
	const root = (page: Page) => page.evaluate(() => parseFloat(getComputedStyle(document.documentElement).fontSize));

	test('is one screen at every size, is set from the desk, and shows what is abnormal first', async ({ page }) => {
		await page.setViewportSize({ width: 1280, height: 720 });
		await enter(page, server, token);
		for (const size of SCREENS) {
			await page.setViewportSize(size);
			await expect
				.poll(() => fits(page), { message: JSON.stringify(size) })
				.toEqual({ wide: true, high: true, below: 0 });
		}

		// type by distance: 27 inches at 1.36 m need about twice the type
		await page.setViewportSize({ width: 1920, height: 1080 });
		const desk = await server.token('duty officer', 'operator');
		await expect
			.poll(async () => (await server.api<{ screens: { name: string }[] }>(desk, '/api/v1/screens')).screens.length)
			.toBe(1);
		const before = await root(page);
		await set(desk, 'left', { diagonal: 27, distance: 1.36 });
		await expect.poll(() => root(page)).toBeGreaterThan(before * 1.9);
		expect(await root(page)).toBeLessThan(before * 2.1);
		await expect.poll(() => fits(page)).toEqual({ wide: true, high: true, below: 0 });
		await expect(page.getByText(/^and \d+ /).first()).toBeVisible();
		await set(desk, 'left', { diagonal: null, distance: null });
		await expect.poll(() => root(page)).toBe(before);

		// a scene from the desk, and by keys at the panel
		const wall = page.locator('.wall');
		await set(desk, 'left', { scenes: ['sources'] });
		await expect(wall).toHaveAttribute('data-scene', 'sources:');
		await page.keyboard.press('?');
		await expect(page.getByText('pause')).toBeVisible();
		await page.keyboard.press('1');
		await expect(wall).toHaveAttribute('data-scene', 'nation:');
		await page.keyboard.press('2');
		await expect(wall).toHaveAttribute('data-scene', /^sector:/);
		await expect(page.getByRole('heading', { name: 'Where' })).toBeVisible();
		// a wall may not read campaigns: the key does nothing
		await page.keyboard.press('4');
		await expect(wall).not.toHaveAttribute('data-scene', /^campaign/);

		// a severe case is shown next, with its reason, and the strip of alarms stays where it is
		const analyst = await server.token('analyst');
		await server.api(analyst, '/api/v1/incidents', {
			title: 'Core routers down',
			type: 'ddos',
			severity: 'severe',
			sector: 'telecom'
		});
		await set(desk, 'left', { scenes: ['nation', 'sector'], seconds: 5 });
		await expect(wall).toHaveAttribute('data-scene', 'sector:telecom', { timeout: 20_000 });
		await expect(page.getByText(/shown because .*severe/)).toBeVisible();
		await expect(page.getByRole('region', { name: 'Alarms' })).toBeAttached();
	});

	test('follows a click of an operator at the desk', async ({ page, browser }) => {
		const panel = await (await browser.newContext({ viewport: { width: 1920, height: 1080 } })).newPage();
		await enter(panel, server, await server.token('right', 'wall'));
		await enter(page, server, await server.token('operator', 'operator'), '/screens');
		const row = page.getByRole('listitem').filter({ hasText: 'right' }).first();
		await row.getByRole('button', { name: 'sources', exact: true }).click();
		await expect(panel.locator('.wall')).toHaveAttribute('data-scene', 'sources:');
	});
});
