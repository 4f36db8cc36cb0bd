import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { enter, expect, live, test } from './watch';
import { report, Server } from './server';

const HOSTILE = '<script>window.ran = 1</script><img src=x onerror="window.ran = 1">';
const DAY = 86_400_000;
/** 300 characters without a place to break. */
const LONG = `https://long.example/${'x'.repeat(279)}`;
const RULE = Array.from({ length: 30 }, (_, i) => `rule r${i} { strings: $a = "${HOSTILE}" condition: $a }`).join('\n');

let serial = 0;
const uuid = () => `00000000-0000-4000-8000-${String(serial++).padStart(12, '0')}`;
const attribute = (type: string, value: string, more: Record<string, unknown> = {}) => ({
	uuid: uuid(),
	type,
	value,
	to_ids: true,
	...more
});
const misp = (info: string, attributes: unknown[]) => ({
	Event: { uuid: uuid(), info, Tag: [{ name: 'tlp:green' }], Attribute: attributes }
});
const bundle = (...objects: Record<string, unknown>[]) => ({
	type: 'bundle',
	id: `bundle--${uuid()}`,
	objects: objects.map((o) => ({
		type: 'indicator',
		spec_version: '2.1',
		id: `indicator--${uuid()}`,
		created: '2026-01-01T00:00:00.000Z',
		modified: '2026-01-01T00:00:00.000Z',
		pattern_type: 'stix',
		valid_from: '2026-01-01T00:00:00Z',
		...o
	}))
});

/** The id of an indicator, by its value. */
async function identify(server: Server, token: string, value: string): Promise<string> {
	const path = `/api/v1/indicators?value=${encodeURIComponent(value.slice(0, 150))}`;
	const { indicators } = await server.api<{ indicators: { id: string; value: string }[] }>(token, path);
	return indicators.find((i) => i.value === value)!.id;
}
const search = async (page: Page, value: string) => {
	await page.getByLabel(/in any spelling/).fill(value);
	await page.getByLabel(/in any spelling/).press('Enter');
};
const rows = (page: Page, table: RegExp) =>
	page
		.getByRole('table', { name: table })
		.getByRole('row')
		.filter({ has: page.getByRole('rowheader') });
const overflow = (page: Page) =>
	page.evaluate(() => document.scrollingElement!.scrollWidth - document.scrollingElement!.clientWidth);

test('without an indicator the page says what brings them', async ({ page }) => {
	const server = await Server.open();
	try {
		await enter(page, server, await server.token('empty'), '/indicators');
		await expect(page.getByText('No indicator is known yet.')).toBeVisible();
		await expect(page.getByText(/source add partner --format misp/)).toBeVisible();
		await page.goto(`${server.base}/indicators?value=nothing`);
		await expect(page.getByText('No indicator is known yet.')).toBeVisible();
	} finally {
		await server.close();
	}
});

test.describe('indicators', () => {
	let server: Server;
	let token: string;
	test.beforeAll(async () => {
		server = await Server.open();
		token = await server.token('indicators');
		const file = join(server.data, 'constituents.csv');
		writeFileSync(
			file,
			'organisation,sector,province,team,assets\nHabib Example Bank,banking,PK-SD,,203.0.113.0/24\nPunjab Example Grid,energy,PK-PB,,198.51.100.0/24\n'
		);
		await server.cli('constituents', 'import', file);
		for (const [slug, format] of [
			['partner', 'misp'],
			['feed', 'stix'],
			['sensor', 'intelmq']
		] as const)
			await server.source(slug, format);
		const gone = attribute('domain', 'withdrawn.example');
		await server.post('partner', [
			misp('Phishing of banks', [
				attribute('domain', 'evil.example'),
				attribute('ip-dst', '192.0.2.77'),
				attribute('ip-dst', '192.0.2.200', { to_ids: false }),
				attribute('domain', 'good.example'),
				attribute('url', LONG),
				attribute('yara', RULE),
				gone
			]),
			misp(HOSTILE, [
				attribute('domain', 'evil.example', { comment: HOSTILE }),
				{ ...gone, uuid: uuid(), deleted: true }
			])
		]);
		await server.post('partner', [misp('Phishing of banks', [{ ...gone, deleted: true, timestamp: '1790000000' }])]);
		const delivery = await server.post('feed', [
			bundle(
				{ pattern: "[domain-name:value = 'evil.example']", confidence: 80, name: 'A name of the feed' },
				{ pattern: "[domain-name:value = 'expired.example']", valid_until: '2026-02-01T00:00:00Z' }
			)
		]);
		expect(delivery).toMatchObject({ accepted: 2, quarantined: 0 });
		const bad = (ip: string, ago: number) =>
			report({ 'source.fqdn': 'evil.example', 'source.url': undefined, 'destination.ip': ip }, Date.now() - ago);
		const placed = (r: Record<string, unknown>) => {
			delete r['extra.sector'];
			delete r['extra.province'];
			return r;
		};
		await server.post('sensor', [
			placed(bad('203.0.113.9', 60_000)),
			placed({ ...bad('203.0.113.10', DAY), 'source.ip': '192.0.2.77' }),
			placed(bad('198.51.100.3', 2 * DAY)),
			report({ 'source.url': LONG }),
			report({ 'source.fqdn': 'good.example' })
		]);
		const list = join(server.data, 'Names of resolvers.txt');
		writeFileSync(list, 'good.example\n');
		await server.cli('warninglist', 'load', list);
	});
	test.afterAll(() => server.close());

	test('that reports carry are seen lately, and their page says who is hit, when, and who says so', async ({
		page
	}) => {
		await enter(page, server, token, '/indicators');
		await expect(page.getByRole('navigation').getByRole('link', { name: 'Indicators' })).toHaveAttribute(
			'aria-current',
			'page'
		);
		const lately = rows(page, /^Indicators that reports/);
		await expect(lately.first()).toContainText('evil.example');
		await expect(lately.first()).toContainText('2 sectors: ');
		await expect(lately.first()).toContainText('2 sources');
		await expect(lately.filter({ hasText: '192.0.2.77' })).toContainText('Banking');
		await expect(lately).toHaveCount(3);

		await page.getByRole('link', { name: 'evil.example' }).click();
		await live(page);
		await expect(page.getByRole('heading', { level: 1 })).toHaveText('evil.example');
		await expect(
			page.getByText(/^Seen 3 times at 2 constituents in 2 sectors of 2 provinces, last \d+ /)
		).toBeVisible();
		const hit = rows(page, /^Constituents/);
		await expect(hit.first()).toContainText('Habib Example Bank');
		await expect(hit.first().getByRole('cell').first()).toHaveText('2');
		await expect(hit.nth(1)).toContainText('Punjab Example Grid');
		const where = rows(page, /^Sectors and their provinces/);
		await expect(where.first().getByRole('link', { name: /^Banking/ })).toHaveAttribute('href', '/sectors/banking');
		await expect(where.first().getByRole('link', { name: 'Sindh' })).toHaveAttribute('href', '/provinces/PK-SD');
		await expect(page.getByRole('img', { name: /^Seen 3 times from / })).toBeVisible();
		await page.getByText('As a table').click();
		await expect(rows(page, /^How often it was seen/).first()).toBeVisible();

		const claims = rows(page, /^Claims/);
		await expect(claims).toHaveCount(3);
		await expect(claims.filter({ hasText: 'A name of the feed' })).toContainText('high, 80 of 100');
		await expect(claims.filter({ hasText: 'Phishing of banks' })).toContainText('TLP:GREEN');
		await expect(claims.filter({ hasText: HOSTILE })).toHaveCount(1);
		expect(await page.evaluate(() => 'ran' in window)).toBe(false);

		// What was seen with it opens the page of that.
		await page.getByRole('link', { name: '192.0.2.77' }).first().click();
		await expect(page.getByRole('heading', { level: 1 })).toHaveText('192.0.2.77');
		await expect(page.getByText(/^Seen once at 1 constituent in 1 sector of 1 province, /)).toBeVisible();
	});

	test('are found in any spelling, and the page says what a value was read as', async ({ page }) => {
		await enter(page, server, token, '/indicators');
		const found = rows(page, /^Indicators that match/);
		await search(page, ' 192[.]0.2(.)77');
		await expect(page.getByText('Read as IPv4 address 192.0.2.77.')).toBeVisible();
		await expect(found).toHaveCount(1);
		expect(new URL(page.url()).searchParams.get('value')).toContain('192[.]0.2(.)77');
		await search(page, 'hxxps://EVIL[.]example/login?x');
		await expect(page.getByText('Read as URL https://evil.example/login?x; its host is looked for too.')).toBeVisible();
		await expect(found).toContainText(['evil.example']);
		await search(page, 'vil.exam');
		await expect(page.getByText('Read as domain name vil.exam.')).toBeVisible();
		await expect(found).toContainText(['evil.example']);
		await search(page, 'no such thing');
		await expect(page.getByText('Read as a text that values may hold.')).toBeVisible();
		await expect(page.getByText('No indicator matches.')).toBeVisible();

		await page.goto(`${server.base}/indicators?kind=url`);
		await expect(found).toHaveCount(1);
		await expect(page.getByLabel('Kind')).toHaveValue('url');
		const link = found.getByRole('link');
		await expect(link).toHaveText(/^https:\/\/long\.example\/x+…x+$/);
		await expect(link).toHaveAttribute('title', LONG);
		await expect(link).toHaveAttribute('href', /^\/indicators\/[0-9a-f-]{36}$/);
		for (const strange of ['value=a%00b', 'value=%25', 'kind=%3Cscript%3E', `value=${'y'.repeat(4000)}`]) {
			const answer = await page.goto(`${server.base}/indicators?${strange}`);
			expect(answer?.status(), strange).toBe(200);
		}
	});

	test('stand as what is said of them: to look for, context, withdrawn, expired', async ({ page }) => {
		await enter(page, server, token, '/indicators?value=example');
		const found = rows(page, /^Indicators that match/);
		await expect(found.filter({ hasText: 'evil.example' })).toContainText('to look for');
		await expect(found.filter({ hasText: 'expired.example' })).toContainText(/expired.*expired 1 Feb 2026/s);
		await expect(found.filter({ hasText: 'withdrawn.example' })).toContainText('withdrawn');
		await page.getByRole('link', { name: 'withdrawn.example' }).click();
		await expect(page.locator('dl')).toContainText('✕ withdrawn');
		await expect(page.getByText(/^Not seen yet; earlier reports /)).toBeVisible();
		await page.goto(`${server.base}/indicators/${await identify(server, token, '192.0.2.200')}`);
		await expect(page.locator('dl')).toContainText('○ context only');
		await page.goto(`${server.base}/indicators/${await identify(server, token, RULE)}`);
		await expect(page.getByText('Not seen: reports do not carry values of this kind.')).toBeVisible();
		expect(await page.evaluate(() => 'ran' in window)).toBe(false);
	});

	test('that are known to be good say so, with the name of the list, and are not among what was seen lately', async ({
		page
	}) => {
		await enter(page, server, token, '/indicators');
		await expect(page.getByRole('link', { name: 'evil.example' })).toBeVisible();
		await expect(page.getByRole('link', { name: 'good.example' })).toHaveCount(0);
		await search(page, 'good[.]example');
		await expect(rows(page, /^Indicators that match/)).toContainText(['✓ known good']);
		await page.getByRole('link', { name: 'good.example' }).click();
		await expect(page.getByText('Known good: it stands on Names of resolvers. It raises nothing.')).toBeVisible();
		await expect(page.getByText(/^Seen once in 1 sector of 1 province, /)).toBeVisible();
	});

	test('can be copied, and selected where the clipboard is not to be had', async ({ page, context }) => {
		const id = await identify(server, token, LONG);
		await context.grantPermissions(['clipboard-read', 'clipboard-write']);
		await enter(page, server, token, `/indicators/${id}`);
		await page.getByRole('button', { name: 'Copy' }).click();
		await expect(page.getByText('Copied')).toBeVisible();
		expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(LONG);

		await page.addInitScript(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
		await page.reload();
		await live(page);
		await page.getByRole('button', { name: 'Copy' }).click();
		await expect(page.getByText('Selected: press Ctrl+C')).toBeVisible();
		expect(await page.evaluate(() => String(getSelection()))).toBe(LONG);
	});

	test('that are seen meanwhile are told, and do not move the list that is being read', async ({ page }) => {
		await server.post('partner', [misp('Late', [attribute('domain', 'late.example')])]);
		await enter(page, server, token, '/indicators');
		const lately = rows(page, /^Indicators that reports/);
		const before = await lately.getByRole('rowheader').allInnerTexts();
		await server.post(
			'sensor',
			['health', 'media', 'water'].flatMap((sector) =>
				// What has expired is no news.
				['late.example', 'expired.example'].map((name) => report({ 'source.fqdn': name, 'extra.sector': sector }))
			)
		);
		await expect(page.getByText('1 indicator seen somewhere new since')).toBeVisible();
		expect(await lately.getByRole('rowheader').count()).toBe(before.length);
		await expect(lately.first()).toContainText('evil.example');
		await page.getByRole('button', { name: 'Show' }).click();
		await expect(lately.first()).toContainText('late.example');
		await expect(page.getByText('seen somewhere new since')).toHaveCount(0);
	});

	test('are read page by page, each of them once', async ({ page }) => {
		await server.post('partner', [
			misp(
				'Many',
				Array.from({ length: 120 }, (_, i) => attribute('domain', `many-${i}.example`))
			)
		]);
		await enter(page, server, token, '/indicators?value=many-');
		const found = rows(page, /^Indicators that match/);
		const seen: string[] = [];
		for (const more of [50, 50, 20]) {
			await expect(found).toHaveCount(more);
			seen.push(...(await found.getByRole('link').allInnerTexts()));
			const next = page.getByRole('link', { name: 'Next page' });
			if (more === 50) {
				const first = seen.at(-1)!;
				await next.click();
				await expect(found.getByRole('link', { name: first, exact: true })).toHaveCount(0);
			} else await expect(page.getByText('No more indicators')).toBeVisible();
		}
		expect(new Set(seen).size).toBe(120);
	});

	test('are counted within a scope, which the page says; a wall may not open them', async ({ page, browser }) => {
		const id = await identify(server, token, 'evil.example');
		const scoped = await server.token('grid', 'analyst', 'red', '--sectors', 'energy');
		await enter(page, server, scoped, `/indicators/${id}`);
		await expect(page.getByText(/^Seen once at 1 constituent in 1 sector of 1 province, /)).toBeVisible();
		await expect(page.getByText('Only what your scope shows is counted here')).toBeVisible();
		await expect(page.locator('body')).not.toContainText('Habib');

		const room = await (await browser.newContext()).newPage();
		await enter(room, server, await server.token('a room', 'executive'), '/posture');
		await expect(room.getByRole('link', { name: 'Indicators' })).toHaveCount(0);
		expect((await room.goto(`${server.base}/indicators`))?.status()).toBe(403);
		expect((await room.goto(`${server.base}/indicators/${id}`))?.status()).toBe(403);
		await room.context().close();
		expect((await page.goto(`${server.base}/indicators/nonsense`))?.status()).toBe(404);
	});

	test('have no accessibility violation in light and in dark, and fit a phone, however long they are', async ({
		page
	}) => {
		const of = async (value: string) => `/indicators/${await identify(server, token, value)}`;
		const paths = [
			'/indicators',
			'/indicators?value=example',
			`/indicators?value=${encodeURIComponent(LONG)}`,
			await of('evil.example'),
			await of('withdrawn.example'),
			await of(LONG),
			await of(RULE)
		];
		await enter(page, server, token, '/indicators');
		for (const path of paths)
			for (const [width, height] of [
				[1440, 900],
				[390, 844]
			] as const) {
				await page.setViewportSize({ width, height });
				await page.goto(server.base + path);
				await live(page);
				expect(await overflow(page), `${path} at ${width}`).toBe(0);
				for (const colorScheme of ['light', 'dark'] as const) {
					await page.emulateMedia({ colorScheme });
					const { violations } = await new AxeBuilder({ page })
						.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
						.analyze();
					expect(
						violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(' ')}`)),
						`${path} at ${width} in ${colorScheme}`
					).toEqual([]);
				}
			}
	});
});
