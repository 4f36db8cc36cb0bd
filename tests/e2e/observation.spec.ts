import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { enter, expect, live, test } from './watch';
import { report, Server } from './server';

const HOSTILE = '<img src=x onerror="window.ran = 1"><script>window.ran = 1</script>';
const HOUR = 3_600_000;
const ALL = 5000;

const total = async (page: Page) =>
	Number((await page.locator('.main > .sum h2 > b').textContent())!.replace(/\D/g, ''));
/** The numbers of the rows that are drawn, by their place in the document. */
const drawn = (page: Page) =>
	page
		.locator('.body [role="row"]')
		.evaluateAll((rows) => rows.map((row) => ({ id: row.id, at: Number(row.getAttribute('aria-rowindex')) })));
/** How far the table is scrolled, and the row at its head. */
const reading = (page: Page) =>
	page.locator('.body').evaluate((el) => {
		const box = el.getBoundingClientRect();
		return [
			el.scrollTop,
			document.elementFromPoint(box.left + 60, box.top + 20)?.closest('[role="row"]')?.id ?? 'none'
		] as const;
	});
const address = (page: Page) => new URL(page.url()).searchParams;

test.describe('observations', () => {
	let server: Server;
	let token: string;
	test.beforeAll(async () => {
		server = await Server.open();
		token = await server.token('desk');
		await server.source('sensor');
		const now = Date.now();
		for (let k = 0; k < 5; k++)
			await server.post(
				'sensor',
				Array.from({ length: ALL / 5 }, (_, i) =>
					report(
						{
							'extra.sector': i % 4 ? 'telecom' : 'banking',
							'source.ip': `192.0.2.${i % 250}`,
							...(k === 0 && i === 0 ? { 'event_description.text': HOSTILE } : {})
						},
						now - 6 * HOUR + (k * (ALL / 5) + i) * 4000
					)
				)
			);
	});
	test.afterAll(() => server.close());

	test('the head counts what the interface counts, and a brush narrows it, by pointer and by keyboard, back and forward', async ({
		page
	}) => {
		await enter(page, server, token, '/observations');
		expect(await total(page)).toBe(ALL);
		await page.getByRole('link', { name: 'Telecom' }).first().click();
		await expect(page.locator('.main > .sum')).toContainText('Telecom');
		const counted = await server.api<{ total: number }>(token, '/api/v1/aggregates?by=sector&sector=telecom');
		expect(await total(page)).toBe(counted.total);

		const plot = page.getByRole('slider');
		const box = (await plot.boundingBox())!;
		await page.mouse.move(box.x + box.width * 0.8, box.y + 20);
		await page.mouse.down();
		await page.mouse.move(box.x + box.width * 0.9, box.y + 30, { steps: 4 });
		await page.mouse.up();
		await expect.poll(() => address(page).has('from') && address(page).has('to')).toBe(true);
		await expect.poll(() => total(page)).toBeLessThan(counted.total);
		const query = address(page);
		const narrowed = await server.api<{ total: number }>(token, `/api/v1/aggregates?by=sector&${query}`);
		expect(await total(page)).toBe(narrowed.total);

		await page.goBack();
		await expect.poll(() => total(page)).toBe(counted.total);
		await page.goForward();
		await expect.poll(() => total(page)).toBe(narrowed.total);
		await page.getByRole('link', { name: /^Without Time/ }).click();
		await expect.poll(() => total(page)).toBe(counted.total);

		await plot.focus();
		await page.keyboard.press('ArrowLeft');
		await page.keyboard.press('ArrowLeft');
		await expect(plot).toHaveAttribute('aria-valuetext', /observations?$/);
		await page.keyboard.press('Escape');
		await expect(plot).toHaveAttribute('aria-valuetext', /most in/);
		await page.keyboard.press('ArrowLeft');
		await page.keyboard.press('ArrowLeft');
		await page.keyboard.press('Enter');
		await expect.poll(() => address(page).has('to')).toBe(true);
		await expect.poll(() => total(page)).toBeLessThan(counted.total);
		await expect(plot).toBeFocused();
	});

	test('five thousand rows are read to the last and back: few are drawn, none is there twice', async ({ page }) => {
		await enter(page, server, token, '/observations');
		const grid = page.locator('.body');
		const places = new Map<string, number>();
		let most = 0;
		const look = async () => {
			const rows = await drawn(page);
			most = Math.max(most, rows.length);
			expect(new Set(rows.map((r) => r.id)).size).toBe(rows.length);
			for (const row of rows) {
				const known = places.get(row.id);
				if (known !== undefined) expect(row.at).toBe(known);
				places.set(row.id, row.at);
			}
		};
		const foot = page.locator('.foot');
		for (let i = 0; i < 400 && !(await foot.textContent())!.includes('the last is here'); i++) {
			await grid.evaluate((el) => el.scrollBy(0, 1200));
			await page.waitForTimeout(25);
			if (i % 8 === 0) await look();
		}
		await expect(foot).toContainText('the last is here');
		await grid.evaluate((el) => el.scrollTo(0, el.scrollHeight));
		await page.waitForTimeout(300);
		await look();
		expect(Math.max(...places.values())).toBe(ALL + 1);
		expect(new Set(places.values()).size).toBe(places.size);
		expect(most).toBeLessThan(120);

		for (let i = 0; i < 30; i++) {
			await grid.evaluate((el) => el.scrollBy(0, -1200));
			await page.waitForTimeout(25);
		}
		await look();
		await grid.focus();
		await page.keyboard.press('Home');
		await expect.poll(async () => Math.min(...(await drawn(page)).map((r) => r.at))).toBe(2);
		await page.keyboard.press('ArrowDown');
		await page.keyboard.press('Enter');
		await expect(page).toHaveURL(/\/observations\/[0-9a-f-]{36}/);
	});

	test('what arrives does not move what is read, and is brought in when asked for', async ({ page }) => {
		await enter(page, server, token, '/observations');
		const before = await total(page);
		await page.locator('.body').evaluate((el) => el.scrollTo(0, 320));
		await page.waitForTimeout(600);
		const rows = await reading(page);
		expect(rows[0]).toBe(320);
		await server.post(
			'sensor',
			Array.from({ length: 12 }, () => report({ 'extra.sector': 'telecom' }, Date.now()))
		);
		const news = page.getByRole('button', { name: /^12 new/ });
		await expect(news).toBeVisible();
		expect(await reading(page)).toEqual(rows);
		expect(await total(page)).toBe(before);
		await news.click();
		await expect.poll(() => total(page)).toBe(before + 12);
		await expect(news).toBeHidden();
	});

	test('what is seen leaves as a file with the same rows, and its filters are saved under a name', async ({ page }) => {
		await enter(page, server, token, '/observations?sector=banking');
		const all = await total(page);
		await page.getByRole('button', { name: /^Export/ }).click();
		const download = page.waitForEvent('download');
		await page.getByRole('menuitem', { name: /CSV/ }).click();
		const text = await readFile(await (await download).path(), 'utf8');
		const ids = text.match(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g) ?? [];
		expect(new Set(ids).size).toBe(all);

		await page.getByText(/^Views/).click();
		await page.getByLabel('Save what is seen as').fill('Banks');
		await page.getByRole('button', { name: 'Save view' }).click();
		await page.goto(`${server.base}/observations`);
		await live(page);
		await page.getByText(/^Views \(1\)/).click();
		await page.getByRole('link', { name: 'Banks' }).click();
		await expect.poll(() => total(page)).toBe(all);
		await page.getByText(/^Views \(1\)/).click();
		await page.getByRole('button', { name: 'Delete Banks' }).click();
		await expect(page.getByText(/^Views$/)).toBeVisible();
	});

	test('one observation says what it was; markup is text; whoever may not read them is told so', async ({ page }) => {
		await enter(page, server, token, `/observations?q=onerror`);
		await expect.poll(() => total(page)).toBe(1);
		await page.locator('.body .time a').first().click();
		await expect(page.getByRole('heading', { name: 'As it came' })).toBeVisible();
		await expect(page.locator('pre').first()).toContainText('onerror');
		expect(await page.evaluate(() => 'ran' in window)).toBe(false);
		await page.getByRole('link', { name: 'Open a case from it' }).click();
		await expect(page.getByRole('textbox', { name: 'Title', exact: true })).toHaveValue(/Phishing in/);
		const guest = await server.token('chief', 'executive');
		await enter(page, server, guest, '/posture');
		expect((await page.goto(`${server.base}/observations`))!.status()).toBe(403);
	});

	for (const colorScheme of ['light', 'dark'] as const)
		test(`nothing is in the way of anybody, ${colorScheme}`, async ({ page }) => {
			await page.emulateMedia({ colorScheme });
			await enter(page, server, token, '/observations?sector=telecom');
			expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
			await page.locator('.body .time a').first().click();
			await expect(page.getByRole('heading', { name: 'As it came' })).toBeVisible();
			expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
			await page.setViewportSize({ width: 390, height: 844 });
			await page.goto(`${server.base}/observations`);
			await live(page);
			const over = await page.evaluate(
				() => document.scrollingElement!.scrollWidth - document.scrollingElement!.clientWidth
			);
			expect(over).toBeLessThanOrEqual(0);
		});
});
