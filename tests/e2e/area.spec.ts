import AxeBuilder from '@axe-core/playwright';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { enter, expect, live, test } from './watch';
import { report, Server } from './server';
import { archive } from '../tiles';

const number = (text: string | null) => Number(text?.replace(/\D/g, '') || Number.NaN);

test.describe('a sector, a province and the map', () => {
	test.describe.configure({ mode: 'serial' });
	let server: Server;
	let token: string;
	let dir: string;
	test.beforeAll(async () => {
		dir = mkdtempSync(join(tmpdir(), 'watchfloor-tiles-'));
		writeFileSync(join(dir, 'tiny.pmtiles'), archive({ attribution: '<b>Tiny</b> survey' }));
		server = await Server.open({ WATCHFLOOR_TILES: join(dir, 'tiny.pmtiles') });
		await server.source('area');
		token = await server.token('area');
		const provinces = ['PK-SD', 'PK-PB', 'PK-KP', undefined];
		await server.post(
			'area',
			Array.from({ length: 120 }, (_, i) =>
				report({ 'extra.sector': 'telecom', 'extra.province': provinces[i % 4] }, Date.now() - i * 600_000)
			)
		);
	});
	test.afterAll(async () => {
		await server?.close();
		rmSync(dir, { recursive: true, force: true });
	});

	test('a cell of the heatmap opens the observations that it counts, by keyboard', async ({ page }) => {
		await enter(page, server, token, '/sectors/telecom');
		const grid = page.getByRole('grid', { name: /^Observations by class and hour/ });
		const busy = grid.getByRole('link', { name: /^Fraud, \d\d:\d\d: [1-9]/ }).first();
		const said = await busy.getAttribute('aria-label');
		// one stop of the keyboard, and the arrows move on
		await grid.locator('[data-at][tabindex="0"]').focus();
		await page.keyboard.press('ArrowDown');
		await page.keyboard.press('ArrowRight');
		await expect(page.locator('[data-at]:focus')).toHaveAttribute('data-at', '1,1');
		await expect(grid.locator('[data-at][tabindex="0"]')).toHaveCount(1);
		await busy.focus();
		await page.keyboard.press('Enter');
		await page.waitForURL(/\/observations\?.*sector=telecom&class=fraud/);
		await expect(
			page
				.locator('h2')
				.filter({ hasText: /observation/ })
				.first()
		).toContainText(String(number(said!.split(': ')[1]!.split(',')[0]!)));
	});

	test('what the map’s colours mean is a choice that the address keeps', async ({ page }) => {
		await enter(page, server, token, '/provinces');
		await expect(page.getByText('What is usual is still being learned')).toBeVisible();
		await page.getByRole('radio', { name: 'Count' }).check();
		await expect(page).toHaveURL(/\?map=count$/);
		await expect(page.getByText('large provinces have more of everything')).toBeVisible();
		await page.reload();
		await live(page);
		await expect(page.getByRole('radio', { name: 'Count' })).toBeChecked();
		await page.goto(`${server.base}/provinces?map=nonsense`);
		await expect(page.getByRole('radio', { name: 'Deviation' })).toBeChecked();
		await expect(page.getByRole('link', { name: /unlocated/ })).toBeVisible();
	});

	test('by keyboard: from province to province, closer until districts appear, back, and into one', async ({
		page
	}) => {
		await enter(page, server, token, '/provinces');
		const map = page.locator('.leaflet-container');
		await expect(map).toBeVisible();
		const punjab = map.getByRole('link', { name: /^Punjab/ });
		await punjab.focus();
		await page.keyboard.press('ArrowDown');
		await expect(map.getByRole('link', { name: /^Sindh/ })).toBeFocused();
		await page.keyboard.press('ArrowUp');
		await expect(map.getByRole('link', { name: /^Sindh/ })).not.toBeFocused();
		await punjab.focus();
		for (let i = 0; i < 4; i++) await page.keyboard.press('+');
		await expect(page.getByText('districts are drawn for orientation')).toBeVisible();
		await expect(map.locator('.districts text').first()).toBeVisible();
		await page.keyboard.press('Escape');
		await expect(page.getByText('districts are drawn for orientation')).toHaveCount(0);
		await expect(punjab).toBeFocused();
		await page.keyboard.press('Enter');
		await page.waitForURL('**/provinces/PK-PB');
		await expect(page.getByText(/districts by name/)).toBeVisible();
		await expect(page.getByText(/Reports are counted by province/)).toBeVisible();
	});

	test('the operator’s tiles lie under the provinces, with who made them as text', async ({ page }) => {
		const tile = page.waitForResponse(/\/tiles\/0\/0\/0$/);
		await enter(page, server, token, '/provinces');
		expect((await tile).headers()['content-type']).toBe('image/png');
		await expect(page.getByText('Under them: Tiny survey; where its lines differ')).toBeVisible();
		expect((await page.request.get(`${server.base}/tiles/0/1/0`)).status()).toBe(404);
		expect((await page.request.get(`${server.base}/tiles/0/../x`)).status()).toBe(404);
	});

	for (const scheme of ['light', 'dark'] as const)
		test(`nothing is wrong for axe in ${scheme}`, async ({ page }) => {
			await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
			await enter(page, server, token, '/sectors/telecom');
			for (const path of ['/sectors/telecom', '/provinces/PK-PB', '/provinces?map=rate']) {
				await page.goto(server.base + path);
				await live(page);
				expect(await wrong(page), path).toEqual([]);
			}
		});
});

async function wrong(page: Page): Promise<string[]> {
	const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
	const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
	return violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(' ')}: ${n.failureSummary ?? ''}`));
}
