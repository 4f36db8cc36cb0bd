import type { Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { plant, row } from '../plant';
import { report, Server } from './server';
import { enter, expect, live, test, wall } from './watch';

/**
 * The three kinds of people who stand before it, each from the door to the answer that they came for. What they press is
 * counted in the page, and is no more than it may be.
 */
test.describe('from the door to the answer', () => {
	const SHARED = '198.51.100.77';
	let server: Server;
	let officer: string;

	test.beforeAll(async () => {
		server = await Server.open({ WATCHFLOOR_ANALYSIS: 'off' });
		await server.source('sensors');
		await server.source('carrier');
		const telecom = { 'extra.sector': 'telecom', 'extra.province': 'PK-IS', 'classification.type': 'ddos' };
		const calm = { 'extra.sector': 'health', 'extra.province': 'PK-PB' };
		const ago = (minutes: number) => Date.now() - minutes * 60_000;
		await server.post('sensors', [
			...Array.from({ length: 40 }, (_, i) => report({ ...telecom, 'source.ip': SHARED }, ago(2 + i))),
			...Array.from({ length: 5 }, (_, i) => report(calm, ago(2 + 5 * i)))
		]);
		await server.post('carrier', [report({ ...calm, 'source.ip': SHARED }, ago(4))]);
		officer = await server.token('floor', 'wall', 'amber');
		const operator = await server.token('operator', 'operator', 'red');
		await server.api(operator, '/api/v1/incidents', {
			title: 'Mobile core signalling flood',
			type: 'ddos',
			severity: 'severe',
			sector: 'telecom',
			province: 'PK-IS'
		});
		await plant(server, [
			row('*', '*', 46, 12),
			row('*', 'telecom', 40, 6),
			row('PK-IS', '*', 40, 6),
			row('PK-IS', 'telecom', 40, 6),
			row('*', 'health', 6, 6),
			row('PK-PB', '*', 6, 6)
		]);
		for (const role of ['executive', 'analyst'] as const) {
			const args = ['--name', `The ${role}`, '--role', role, '--clearance', 'amber'];
			passwords.set(role, (await server.cli<{ password: string }>('user', 'add', mail(role), ...args)).password);
		}
	});
	test.afterAll(() => server.close());

	const passwords = new Map<string, string>();
	const mail = (role: string) => `${role}@cert.example`;

	/** Signs somebody in by name and password, at the screen that they asked for. */
	async function sign(page: Page, role: string, path: string) {
		await page.goto(server.base + path);
		await page.getByLabel('E-mail address').fill(mail(role));
		await page.getByLabel('Password').fill(passwords.get(role) ?? '');
		await page.getByRole('button', { name: 'Sign in' }).click();
		await page.waitForURL(`**${path}`);
		await live(page);
	}

	test('a watch officer sees from the door what burns, where, how far, and that the picture lives: nothing is pressed', async ({
		page
	}) => {
		await page.setViewportSize({ width: 1920, height: 1080 });
		const pressed = await presses(page);
		await enter(page, server, officer);
		const cell = page.locator('td[title^="Telecom, "]').last();
		await expect(cell).toHaveAttribute('title', /40.*usual/);
		await expect(page.getByRole('region', { name: 'Where', exact: true })).toContainText('Islamabad');
		await expect(page.getByRole('region', { name: 'What is open', exact: true })).toContainText(
			'Mobile core signalling flood'
		);
		// It lives: what arrives is seen, and the clock goes on.
		const clock = page.locator('time b').first();
		const before = await clock.textContent();
		await server.post('sensors', [report({ 'extra.sector': 'health', 'extra.province': 'PK-PB' })]);
		await expect(wall(page).sector('Health')).toHaveText('7');
		await expect(clock).not.toHaveText(before ?? '');
		expect(await pressed()).toEqual({ clicks: 0, keys: 0 });
	});

	test('an executive reads the five answers at once, compares with last week with one click, and has the page in the hand with another', async ({
		page
	}) => {
		await page.setViewportSize({ width: 1440, height: 900 });
		await sign(page, 'executive', '/posture');
		const pressed = await presses(page);
		for (const name of ['What changed', 'Who is affected', 'What we are doing'])
			await expect(page.getByRole('heading', { name, exact: true })).toBeInViewport();
		await expect(page.locator('.ladder')).toBeInViewport();
		await expect(page.getByText(/waits? for a decision/).first()).toBeInViewport();
		await expect(page.getByRole('link', { name: /Mobile core signalling flood/ }).first()).toBeVisible();
		await page.getByRole('link', { name: 'last week', exact: false }).first().click();
		await expect(page).toHaveURL(/against=week/);
		const [file] = await Promise.all([
			page.waitForEvent('download'),
			page.locator('a[href^="/posture/brief.pdf"]').first().click()
		]);
		expect(
			readFileSync(await file.path())
				.subarray(0, 5)
				.toString()
		).toBe('%PDF-');
		expect(await pressed()).toEqual({ clicks: 2, keys: 0 });
	});

	test('an analyst comes from the sector that burns to who else was hit by the same, and takes it along, in six clicks', async ({
		page
	}) => {
		await page.setViewportSize({ width: 1440, height: 900 });
		await sign(page, 'analyst', '/sectors');
		const pressed = await presses(page);
		await page.getByRole('link', { name: 'Telecom', exact: true }).first().click();
		await page.waitForURL('**/sectors/telecom');
		// The cell of the present hour of its class, or the one before where the hour has just begun.
		await page
			.getByRole('link', { name: /^Availability, .*: [1-9]/ })
			.last()
			.click();
		await page.waitForURL('**/observations?**');
		await expect(page.locator('h2').first()).toContainText(/\d+ observations/);
		const counted = Number((await page.locator('h2 b').first().textContent())?.replace(/\D/g, ''));
		await page.locator('.time a').first().click();
		await page.waitForURL(/observations\/[0-9a-f]+-/);
		await expect(page.getByText(SHARED).first()).toBeVisible();
		await expect(page.getByText('Health', { exact: true }).first(), 'who else was hit by the same').toBeVisible();
		const back = 1;
		await page.goBack();
		await page.getByRole('button', { name: /^Export/ }).click();
		const [file] = await Promise.all([
			page.waitForEvent('download'),
			page.getByRole('menuitem', { name: /CSV/ }).click()
		]);
		const lines = readFileSync(await file.path(), 'utf8')
			.trim()
			.split('\n');
		expect(lines.length, 'a head and the rows that were counted').toBe(counted + 1);
		expect((await pressed()).clicks + back).toBe(6);
	});
});

/** Counts what a person presses on all pages from here on: clicks, and keys that do something. */
async function presses(page: Page): Promise<() => Promise<{ clicks: number; keys: number }>> {
	const seen = { clicks: 0, keys: 0 };
	await page.exposeFunction('pressed', (what: 'clicks' | 'keys') => {
		seen[what]++;
	});
	const listen = () => {
		addEventListener('pointerdown', (e) => e.isTrusted && pressed('clicks'), true);
		addEventListener('keydown', (e) => e.isTrusted && pressed('keys'), true);
	};
	await page.addInitScript(listen);
	await page.evaluate(listen);
	return () => Promise.resolve({ ...seen });
}

declare global {
	/** Made by `presses`. */
	function pressed(what: 'clicks' | 'keys'): void;
}
