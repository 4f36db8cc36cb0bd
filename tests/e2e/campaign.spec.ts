import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { enter, expect, live, test } from './watch';
import { report, Server } from './server';

const HOUR = 3_600_000;
/** A name that a page must show as text. */
const HOSTILE = '<img src=x onerror="window.ran = 1">';

const infected = (ip: string, ago: number, more: Record<string, unknown> = {}) => {
	const r = report(
		{
			'classification.type': 'infected-system',
			'source.url': undefined,
			'source.ip': ip,
			'destination.ip': '192.0.2.77',
			'destination.fqdn': 'cdn.paper.example',
			'malware.name': 'paper-lantern',
			...more
		},
		Date.now() - ago * HOUR
	);
	delete r['extra.sector'];
	delete r['extra.province'];
	return r;
};
type Listed = { campaigns: { id: number; name: string; members: number }[] };

/** Waits until the machine, which looks once a minute, has found so many. */
async function found(server: Server, token: string, n: number): Promise<Listed['campaigns']> {
	for (const end = Date.now() + 180_000; ; await sleep(1000)) {
		const { campaigns } = await server.api<Listed>(token, '/api/v1/campaigns');
		if (campaigns.length >= n) return campaigns;
		if (Date.now() > end) throw new Error(`there are ${campaigns.length} campaigns: ${server.said.slice(-2000)}`);
	}
}
const rows = (page: Page, table: RegExp) =>
	page
		.getByRole('table', { name: table })
		.getByRole('row')
		.filter({ has: page.getByRole('rowheader') });

test.describe('campaigns', () => {
	let server: Server;
	let token: string;
	let ids: number[];
	test.setTimeout(300_000);
	test.beforeAll(async () => {
		test.setTimeout(300_000);
		server = await Server.open();
		token = await server.token('campaigns');
		await enterEmpty();
		const file = join(server.data, 'constituents.csv');
		writeFileSync(
			file,
			[
				'organisation,sector,province,team,assets',
				'Habib Example Bank,banking,PK-SD,,203.0.113.0/26',
				'Kohsar Example Bank,banking,PK-PB,,203.0.113.64/26',
				'Taara Example Telecom,telecom,PK-IS,,203.0.113.128/26',
				'Punjab Example Grid,energy,PK-PB,,198.51.100.0/24'
			].join('\n') + '\n'
		);
		await server.cli('constituents', 'import', file);
		await server.source('sensor');
		const each = (n: number, of: (i: number) => Record<string, unknown>) => Array.from({ length: n }, (_, i) => of(i));
		await server.post('sensor', [
			...each(12, (i) => infected('203.0.113.9', 40 - 2 * i)),
			...each(9, (i) => infected('203.0.113.70', 31 - 3 * i)),
			...each(14, (i) => infected('203.0.113.140', 20 - i)),
			...each(4, (i) => infected('198.51.100.3', 6 - i)),
			...['203.0.113.20', '198.51.100.9', '203.0.113.150'].map((ip) =>
				infected(ip, 3, {
					'destination.ip': '192.0.2.99',
					'destination.fqdn': 'other.tin.example',
					'malware.name': 'tin-drum'
				})
			)
		]);
		ids = (await found(server, token, 2)).map((c) => c.id);
	});
	test.afterAll(() => server.close());

	/** Before there is anything, the page says what a campaign is. */
	async function enterEmpty() {
		const { campaigns } = await server.api<Listed>(token, '/api/v1/campaigns');
		expect(campaigns).toEqual([]);
	}
	const id = async (value: string) =>
		(await server.api<Listed>(token, '/api/v1/campaigns')).campaigns.find((c) => c.name === value)!.id;

	test('are listed with where they were seen, and open into their spread', async ({ page }) => {
		await enter(page, server, token, '/campaigns');
		const listed = rows(page, /^Campaigns/);
		await expect(listed).toHaveCount(2);
		const one = listed.filter({ hasText: 'cdn.paper.example' });
		await expect(one).toContainText('3 sectors: ');
		await expect(one).toContainText('4 constituents');
		await one.getByRole('link').click();
		await live(page);
		await expect(page.getByRole('heading', { level: 1 })).toHaveText('cdn.paper.example');
		await expect(
			page.getByText(/^Shared infrastructure, seen at 4 constituents in 3 sectors of 3 provinces in 39 reports/)
		).toBeVisible();
		await expect(page.getByRole('img', { name: /^Banking.*: 21 reports, first seen / })).toBeVisible();
		await expect(rows(page, /^Constituents at which/).first()).toContainText('Habib Example Bank');
		await expect(rows(page, /^Constituents at which/).last()).toContainText('Punjab Example Grid');
		await expect(rows(page, /^Values that/)).toContainText(['cdn.paper.example', '192.0.2.77']);
		const text = await page.locator('body').innerText();
		expect(text).not.toMatch(/attacker|attributed|threat actor/i);
	});

	test('are named, dismissed and opened again, and the history says who and why', async ({ page }) => {
		await enter(page, server, token, `/campaigns/${await id('other.tin.example')}`);
		await page.getByText('Name it').click();
		await page.getByLabel(/^Name; empty/).fill(HOSTILE);
		await page.getByRole('button', { name: 'Store the name' }).click();
		await expect(page.getByRole('heading', { level: 1 })).toHaveText(HOSTILE);
		await expect(page.getByText('The name is stored.')).toBeVisible();
		expect(await page.evaluate(() => 'ran' in window)).toBe(false);
		await page.getByText('Dismiss it').first().click();
		await page.getByLabel('Why').first().fill('A sinkhole of ours');
		await page.getByRole('button', { name: 'Dismiss it' }).click();
		await expect(page.getByText('It is dismissed.')).toBeVisible();
		await expect(page.getByText('A sinkhole of ours')).toBeVisible();
		await page.goto(`${server.base}/campaigns`);
		await live(page);
		await expect(rows(page, /^Campaigns/)).toHaveCount(1);
		await page.getByLabel('Show').selectOption('dismissed');
		await page.getByRole('link', { name: HOSTILE }).click();
		await page.getByText('Open it again').first().click();
		await page.getByRole('button', { name: 'Open it again' }).click();
		await expect(page.getByText('It is open again.')).toBeVisible();
	});

	test('are split by their values and made one again; a version that is old is refused', async ({ page }) => {
		const whole = await id('cdn.paper.example');
		await enter(page, server, token, `/campaigns/${whole}`);
		await page.getByText('Split it').click();
		await page.getByRole('button', { name: 'Split off what is ticked' }).click();
		await expect(page.getByRole('alert')).toContainText('Tick the values that go');
		await page.getByLabel('192.0.2.77 goes with a split').check();
		await page.getByRole('button', { name: 'Split off what is ticked' }).click();
		await page.waitForURL((url) => !url.pathname.endsWith(`/${whole}`));
		await expect(page.getByRole('heading', { level: 1 })).toHaveText('192.0.2.77');
		const part = page.url().split('/').at(-1)!;

		await page.goto(`${server.base}/campaigns/${whole}`);
		await live(page);
		await page.getByText('Make others part of it').click();
		await page.getByLabel(/^Campaigns, such as/).fill('C-9999');
		await page.getByRole('button', { name: 'Make them one' }).click();
		await expect(page.getByRole('alert')).toContainText('does not exist');
		await page.getByLabel(/^Campaigns, such as/).fill(`C-${part}`);
		await page.getByRole('button', { name: 'Make them one' }).click();
		await expect(page.getByText('They are one campaign now')).toBeVisible();
		await expect(page.getByText(`took in C-${part}`)).toBeVisible();
		await page.goto(`${server.base}/campaigns/${part}`);
		await page.waitForURL(`${server.base}/campaigns/${whole}`);

		const patch = (version: string | undefined, body: unknown) =>
			fetch(`${server.base}/api/v1/campaigns/C-${whole}`, {
				method: 'PATCH',
				headers: {
					authorization: `Bearer ${token}`,
					'content-type': 'application/json',
					...(version ? { 'if-match': version } : {})
				},
				body: JSON.stringify(body)
			});
		expect((await patch(undefined, { name: 'x' })).status).toBe(428);
		expect((await patch('"1"', { name: 'x' })).status).toBe(412);
		expect((await patch('"1"', { colour: 'x' })).status).toBe(400);
	});

	test('are not for a wall, and not for who sees one sector of them only', async ({ page }) => {
		const wall = await server.token('a wall', 'wall');
		const answer = await fetch(`${server.base}/api/v1/campaigns`, { headers: { authorization: `Bearer ${wall}` } });
		expect(answer.status).toBe(403);
		const energy = await server.token('energy', 'analyst', 'red', '--sectors', 'energy');
		expect((await server.api<Listed>(energy, '/api/v1/campaigns')).campaigns).toEqual([]);
		for (const n of ids) {
			const one = await fetch(`${server.base}/api/v1/campaigns/${n}`, {
				headers: { authorization: `Bearer ${energy}` }
			});
			expect(one.status).toBe(404);
		}
		await enter(page, server, energy, '/campaigns');
		await expect(page.getByText('Nothing belongs together.')).toBeVisible();
	});

	test('hold the rules of accessibility, light and dark, wide and narrow', async ({ page }) => {
		await enter(page, server, token, '/campaigns');
		const whole = await id('cdn.paper.example');
		for (const path of ['/campaigns', `/campaigns/${whole}`, '/campaigns?state=dismissed'])
			for (const [width, height] of [
				[1440, 900],
				[390, 844]
			] as const)
				for (const colorScheme of ['light', 'dark'] as const) {
					await page.emulateMedia({ colorScheme });
					await page.setViewportSize({ width, height });
					await page.goto(server.base + path);
					await live(page);
					await page.evaluate(() => document.querySelectorAll('details').forEach((d) => (d.open = true)));
					const over = await page.evaluate(
						() => document.scrollingElement!.scrollWidth - document.scrollingElement!.clientWidth
					);
					expect(over, `${path} at ${width}`).toBeLessThanOrEqual(0);
					const { violations } = await new AxeBuilder({ page })
						.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
						.analyze();
					expect(
						violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(' ')}`)),
						`${path} at ${width} in ${colorScheme}`
					).toEqual([]);
					if (process.env.PICTURES)
						await page.screenshot({
							path: join(process.env.PICTURES, `${path.replace(/\W+/g, '-')}-${width}-${colorScheme}.png`),
							fullPage: true
						});
				}
	});
});
