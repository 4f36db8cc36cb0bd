import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { enter, expect, live, test } from './watch';
import { report, Server } from './server';

const HOSTILE = '<img src=x onerror="window.ran = 1">';
const DAY = 86_400_000;
const overflow = (page: Page) =>
	page.evaluate(() => document.scrollingElement!.scrollWidth - document.scrollingElement!.clientWidth);
const accessible = async (page: Page) => {
	for (const colorScheme of ['light', 'dark'] as const) {
		await page.emulateMedia({ colorScheme });
		const { violations } = await new AxeBuilder({ page })
			.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
			.analyze();
		expect(
			violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(' ')}: ${n.failureSummary}`))
		).toEqual([]);
	}
};
/** Where pictures go, when somebody wants to look at them. */
const pictures = process.env.PICTURES;
const picture = async (page: Page, name: string) => {
	if (!pictures) return;
	for (const colorScheme of ['light', 'dark'] as const)
		for (const [width, height] of [
			[1440, 900],
			[390, 844]
		] as const) {
			await page.emulateMedia({ colorScheme });
			await page.setViewportSize({ width, height });
			await page.screenshot({ path: join(pictures, `${name}-${width}-${colorScheme}.png`), fullPage: true });
		}
	await page.setViewportSize({ width: 1440, height: 900 });
};

test.describe('outbound abuse', () => {
	let server: Server;
	let token: string;
	/** Waits until the counts by day have come as far as a network. */
	const counted = (network: string) =>
		expect
			.poll(
				async () => (await server.api<{ pairs: unknown[] }>(token, `/api/v1/outbound?network=${network}`)).pairs.length,
				{ timeout: 100_000, intervals: [1000] }
			)
			.toBeGreaterThan(0);

	test.beforeAll(async () => {
		test.setTimeout(240_000);
		server = await Server.open();
		token = await server.token('outbound');
	});
	test.afterAll(() => server.close());

	test('without any, the page says what would be counted, and that figures are not recorded', async ({ page }) => {
		await page.setViewportSize({ width: 1440, height: 900 });
		await enter(page, server, token, '/outbound');
		await expect(page.getByText('No abuse from our networks has been seen')).toBeVisible();
		await expect(page.getByText('never an attacker’s nationality')).toBeVisible();
		await expect(page.getByText('not recorded').first()).toBeVisible();
		await accessible(page);
		await picture(page, 'outbound-empty');
	});

	test('a network is told and says that it is remedied, and everybody sees how long that took', async ({ page }) => {
		test.setTimeout(240_000);
		const file = join(server.data, 'constituents.csv');
		writeFileSync(file, 'organisation,sector,province,team,assets\nExample Hosting,it,PK-PB,,AS64500\n');
		await server.cli('constituents', 'import', file);
		await server.source('foreign');
		const ours = (days: number, asn: number, type: string, more: Record<string, unknown> = {}) =>
			report(
				{
					'classification.type': type,
					'source.asn': asn,
					'source.ip': `203.0.113.${(asn % 200) + 1}`,
					'source.geolocation.cc': 'PK',
					...more
				},
				Date.now() - days * DAY
			);
		await server.post('foreign', [
			...Array.from({ length: 40 }, (_, i) => ours(i * 0.7, 64_500, 'phishing')),
			...Array.from({ length: 12 }, (_, i) => ours(20 + i, 64_501, 'c2-server', { 'malware.name': HOSTILE })),
			...Array.from({ length: 30 }, (_, i) => ours(i * 2, 64_502 + (i % 9), 'ddos-amplifier')),
			ours(3, 0, 'spam', { 'source.asn': undefined })
		]);
		await counted('AS64500');

		await enter(page, server, token, '/outbound');
		const table = page.getByRole('table', { name: /by network and type/ });
		await expect(table.getByRole('row', { name: /AS64500/ })).toContainText('Example Hosting');
		await expect(table.getByRole('row', { name: /203\.0\.113\.0\/24/ })).toContainText('not told');
		await table.getByRole('link', { name: /AS64500/ }).click();
		await live(page);
		await expect(page.getByRole('img', { name: /^Seen on \d+ of the last 90 days/ })).toBeVisible();
		await expect(page.getByRole('table', { name: /Addresses/ })).toContainText('203.0.113.101');

		await page.getByText('Record that the network was told').click();
		await page.getByLabel('Whom').fill(`abuse desk ${HOSTILE}`);
		await page.getByLabel(/^When/).first().fill('2999-01-01T10:00');
		await page.getByRole('button', { name: 'Record' }).click();
		await expect(page.getByRole('alert')).toContainText('in the future');
		await expect(page.getByLabel('Whom')).toHaveValue(`abuse desk ${HOSTILE}`);
		await page.getByLabel(/^When/).first().fill('');
		await page.getByRole('button', { name: 'Record' }).click();
		await expect(page.getByText('It is recorded.')).toBeVisible();
		await expect(page.getByText('● told, open')).toBeVisible();
		await page.getByText('What happened').first().click();
		await page.getByLabel('It was').selectOption('closed');
		await page.getByRole('button', { name: 'Save' }).click();
		await expect(page.getByText('✓ remedied')).toBeVisible();
		await expect(page.getByRole('table', { name: /each time it was told/ })).toContainText('a person said so');
		await accessible(page);
		await picture(page, 'outbound-case');

		const at = new Date(Date.now() - 60 * DAY).toISOString();
		const notice = { kind: 'foreign', party: 'CERT of elsewhere', at };
		const made = await server.api<{ id: number }>(token, '/api/v1/notices', notice);
		await server.api(token, '/api/v1/notices', { ...notice, kind: 'request-in' });
		await server.api(token, '/api/v1/notices', { kind: 'abuse', network: 'AS64501', party: 'Desk', at });
		const patch = (version: string | undefined, body: object) =>
			fetch(`${server.base}/api/v1/notices/${made.id}`, {
				method: 'PATCH',
				headers: { authorization: `Bearer ${token}`, ...(version ? { 'if-match': version } : {}) },
				body: JSON.stringify(body)
			});
		expect((await patch(undefined, { note: 'x' })).status).toBe(428);
		expect((await patch('"1"', { acknowledged: '2999-01-01T00:00:00Z' })).status).toBe(400);
		expect((await patch('"1"', { acknowledged: at })).status).toBe(200);
		expect((await patch('"1"', { note: 'late' })).status).toBe(412);

		await page.goto(`${server.base}/outbound`);
		await live(page);
		await expect(page.getByRole('listitem').filter({ hasText: 'Reports from abroad' })).toContainText('1 open');
		await expect(page.getByRole('listitem').filter({ hasText: 'Vulnerabilities reported' })).toContainText(
			'not recorded'
		);
		await expect(page.getByRole('listitem').filter({ hasText: 'Time to remedy' })).toContainText(
			'median of 1 that ended'
		);
		await page.getByLabel('Type').selectOption('ddos-amplifier');
		await expect(page).toHaveURL(/type=ddos-amplifier/);
		await expect(table.getByRole('rowheader')).toHaveCount(9);
		await page.goto(`${server.base}/outbound?network=nothing`);
		await expect(page.getByRole('alert')).toContainText('"nothing" is no network');
		await page.goto(`${server.base}/outbound`);
		await live(page);
		await accessible(page);
		await picture(page, 'outbound');

		await page.goto(`${server.base}/outbound/notices`);
		await live(page);
		await expect(page.getByText('Report from a CERT abroad').last()).toBeVisible();
		await page.getByText('Record what was told, asked or received').click();
		await page.locator('.new select[name=kind]').selectOption('vulnerability');
		await page.getByLabel('Whom, or from whom').fill('A finder');
		await page.getByRole('button', { name: 'Record' }).click();
		await expect(page.getByRole('rowheader', { name: /^Vulnerability reported to us/ })).toBeVisible();
		await accessible(page);
		await picture(page, 'outbound-notices');
		expect(await page.evaluate(() => 'ran' in window)).toBe(false);
		for (const path of ['/outbound', '/outbound/notices', '/outbound/case?network=AS64500&type=phishing']) {
			await page.setViewportSize({ width: 390, height: 844 });
			await page.goto(server.base + path);
			expect(await overflow(page), path).toBe(0);
		}
	});

	test('the table can be kept, marked; an executive sees no single address and changes nothing', async ({ page }) => {
		test.setTimeout(240_000);
		await server.source('kept');
		await server.post('kept', [
			report({ 'source.asn': 64_540, 'source.ip': '203.0.113.7', 'source.geolocation.cc': 'PK' }, Date.now() - DAY)
		]);
		await counted('AS64540');
		const get = (path: string, bearer: string) =>
			fetch(server.base + path, { headers: { authorization: `Bearer ${bearer}` } });
		const table = await (await get('/outbound/export?network=AS64540', token)).text();
		const [marking, columns, ...rows] = table.trim().split('\n');
		expect(marking).toMatch(/^"?# TLP:RED\. .*never an attacker's nationality/);
		expect(columns).toMatch(/^network,name,type,/);
		expect(rows).toHaveLength(1);
		expect(rows[0]).toMatch(/^AS64540,,phishing,/);

		const executive = await server.token('chief', 'executive', 'green');
		await enter(page, server, executive, '/outbound/case?network=AS64540&type=phishing');
		await expect(page.getByText('Day by day')).toBeVisible();
		await expect(page.getByText('203.0.113.7')).toHaveCount(0);
		await expect(page.getByText('Record that the network was told')).toHaveCount(0);
		const post = await fetch(`${server.base}/api/v1/notices`, {
			method: 'POST',
			headers: { authorization: `Bearer ${executive}` },
			body: JSON.stringify({ kind: 'foreign', party: 'x' })
		});
		expect(post.status).toBe(403);
		expect((await get('/api/v1/outbound', await server.token('room', 'wall'))).status).toBe(403);
	});
});

test('the calendar is kept by operators, read by everybody', async ({ page, server }) => {
	const operator = await server.token('operator', 'operator');
	await page.setViewportSize({ width: 1440, height: 900 });
	await enter(page, server, operator, '/calendar?year=2027');
	const table = page.getByRole('table', { name: /^Days of 2027/ });
	await expect(table.getByRole('rowheader')).toHaveCount(8);
	await page.getByText('Add days').click();
	await page.getByLabel('Name').first().fill(`Eid-ul-Fitr ${HOSTILE}`);
	await page.getByLabel('First day').first().fill('2027-03-10');
	await page.getByLabel('Last day').first().fill('2027-03-09');
	await page.getByRole('button', { name: 'Add' }).click();
	await expect(page.getByRole('alert')).toContainText('is before the first day');
	await page.getByLabel('Last day').first().fill('2027-03-12');
	await page.getByRole('button', { name: 'Add' }).click();
	await expect(page.getByRole('status').filter({ hasText: 'is in the calendar' })).toBeVisible();
	await expect(table.getByRole('row', { name: /10 – 12 Mar/ })).toContainText('Eid-ul-Fitr');
	await table
		.getByRole('row', { name: /Labour Day/ })
		.locator('summary')
		.click();
	await page.getByRole('button', { name: 'Confirm' }).locator('visible=true').click();
	await expect(page.getByText('Labour Day is changed, and confirmed by you.')).toBeVisible();
	await accessible(page);
	await picture(page, 'calendar');
	await table
		.getByRole('row', { name: /Eid-ul-Fitr/ })
		.locator('summary')
		.click();
	await page.getByRole('button', { name: 'Remove' }).locator('visible=true').click();
	await expect(page.getByText(/is removed\./)).toBeVisible();
	await expect(table.getByRole('rowheader')).toHaveCount(8);
	await page.goto(`${server.base}/calendar?year=2027`);
	await page.setViewportSize({ width: 390, height: 844 });
	expect(await overflow(page)).toBe(0);

	await enter(page, server, await server.token('reader', 'executive'), '/calendar');
	await expect(page.getByText('Independence Day').first()).toBeVisible();
	await expect(page.getByText('Add days')).toHaveCount(0);
});
