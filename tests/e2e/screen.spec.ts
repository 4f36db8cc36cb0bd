import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { enter, expect, listen, live, test } from './watch';
import { report, Server } from './server';

/** Markup that would run if anything wrote it as markup. */
const SCRIPT = '<script>window.ran = 1</script>';
const IMAGE = '<img src=x onerror="window.ran = 1">';
const HOSTILE = `${SCRIPT}${IMAGE}`;

test.describe('each screen', () => {
	let server: Server;
	let token: string;
	let incident: string;
	let indicator: string;
	let observation: string;
	test.beforeAll(async () => {
		server = await Server.open();
		await server.source('screens');
		token = await server.token('screens');
		const sectors = ['banking', 'telecom', 'health', 'government'];
		const provinces = ['PK-SD', 'PK-PB', 'PK-KP', undefined];
		await server.post('screens', [
			...Array.from({ length: 60 }, (_, i) =>
				report({ 'extra.sector': sectors[i % 4], 'extra.province': provinces[i % 4] }, Date.now() - i * 1_200_000)
			),
			report({
				'event_description.text': HOSTILE,
				'source.fqdn': 'a.example',
				'malware.name': HOSTILE,
				'extra.sector': HOSTILE
			}),
			report({ 'classification.type': HOSTILE }),
			HOSTILE
		]);
		const open = (body: Record<string, unknown>) =>
			server.api<{ id: string }>(token, '/api/v1/incidents', { type: 'phishing', severity: 'severe', ...body });
		incident = (
			await open({
				title: `Hostile ${HOSTILE}`,
				summary: `${HOSTILE}\njavascript:window.ran=1`,
				sector: 'banking',
				province: 'PK-SD'
			})
		).id;
		await open({ title: 'Card data offered for sale', type: 'data-leak', severity: 'medium' });

		await server.source('partner', 'misp');
		const attribute = (n: number, type: string, value: string) => ({
			uuid: `00000000-0000-4000-8000-00000000000${n}`,
			type,
			value,
			to_ids: true,
			comment: HOSTILE,
			Sighting: [{ uuid: `00000000-0000-4000-9000-00000000000${n}`, type: '1', date_sighting: '1764000000' }]
		});
		await server.post('partner', [
			{
				Event: {
					uuid: '00000000-0000-4000-8000-000000000000',
					info: HOSTILE,
					Tag: [{ name: 'tlp:green' }],
					Attribute: [
						attribute(1, 'domain', 'a.example'),
						attribute(2, 'yara', HOSTILE.repeat(40)),
						attribute(3, 'url', `https://b.example/${'x'.repeat(300)}`)
					]
				}
			}
		]);
		await server.post('screens', [report({ 'source.fqdn': 'a.example' })]);
		const { indicators } = await server.api<{ indicators: { id: string }[] }>(
			token,
			'/api/v1/indicators?value=a%5B.%5Dexample'
		);
		indicator = indicators[0]!.id;
		const { observations } = await server.api<{ observations: { id: string }[] }>(
			token,
			'/api/v1/observations?sector=banking&limit=1'
		);
		observation = observations[0]!.id;
	});
	test.afterAll(() => server.close());

	const paths = [
		'/wall',
		'/posture',
		'/alarms',
		'/rules',
		'/levels',
		'/sectors',
		'/sectors/banking',
		'/provinces',
		'/provinces/PK-SD',
		'/incidents',
		'/incidents/ID',
		'/observations',
		'/observations?sector=banking&q=example',
		'/observations/OBSERVATION',
		'/indicators',
		'/indicators?value=example',
		'/indicators/INDICATOR',
		'/campaigns',
		'/constituents',
		'/outbound',
		'/outbound/notices',
		'/sources',
		'/calendar',
		'/quarantine',
		'/quarantine?source=screens',
		'/screens',
		'/design',
		'/login',
		'/setup'
	];
	const SIZES = { wall: { width: 1920, height: 1080 }, desk: { width: 1440, height: 900 } } as const;
	const PHONE = { width: 390, height: 844 } as const;

	for (const path of paths) {
		test(`${path} has no accessibility violation in light, dark and forced colours, shows text as text, and is no wider than a phone`, async ({
			page
		}) => {
			const at = path.replace('OBSERVATION', observation).replace('INDICATOR', indicator).replace(/ID$/, incident);
			const door = path === '/login' || path === '/setup';
			await page.setViewportSize(path === '/wall' ? SIZES.wall : SIZES.desk);
			page.on('dialog', (dialog) => dialog.dismiss());
			if (!door)
				await page
					.context()
					.addCookies([{ name: 'watchfloor_token', value: token, url: server.base, sameSite: 'Lax', httpOnly: true }]);
			const answer = await page.goto(server.base + at);
			const policy = answer?.headers()['content-security-policy'] ?? '';
			const scripts = policy.split(';').find((part) => part.trim().startsWith('script-src')) ?? '';
			expect(scripts).toMatch(/'nonce-/);
			expect(scripts).not.toMatch(/unsafe-/);
			// What /design shows of freshness is invented.
			if (path !== '/design' && (await page.locator('.fresh').count())) await live(page);

			for (const media of [
				{ colorScheme: 'light', forcedColors: 'none' },
				{ colorScheme: 'dark', forcedColors: 'none' },
				{ colorScheme: 'dark', forcedColors: 'active' }
			] as const) {
				await page.emulateMedia(media);
				const axe = new AxeBuilder({ page }).withTags([
					'wcag2a',
					'wcag2aa',
					'wcag21a',
					'wcag21aa',
					'wcag22aa',
					'best-practice'
				]);
				// The browser takes over all colours: only what they replace could be judged.
				if (media.forcedColors === 'active') axe.disableRules('color-contrast');
				const { violations } = await axe.analyze();
				const said = violations.flatMap((v) =>
					v.nodes.map((node) => `${v.id}: ${node.target.join(' ')}: ${node.failureSummary?.replace(/\s+/g, ' ')}`)
				);
				expect(said, `${path} in ${media.colorScheme}, forced colours ${media.forcedColors}`).toEqual([]);
			}
			expect(await page.evaluate(() => 'ran' in window)).toBe(false);
			expect(await page.locator('img[src="x"]').count()).toBe(0);
			if (['/wall', '/posture', '/incidents', '/incidents/ID', '/indicators/INDICATOR'].includes(path))
				await expect(page.getByText(HOSTILE).filter({ visible: true }).first()).toBeVisible();

			await page.emulateMedia({ colorScheme: 'light', forcedColors: 'none' });
			await page.setViewportSize(PHONE);
			await expect.poll(() => overflow(page), { message: 'pixels that it is wider than a phone' }).toBe(0);
		});
	}

	for (const [width, height] of [
		[1280, 720],
		[1920, 1080],
		[3840, 2160]
	] as const) {
		test(`the wall is exactly one screen at ${width}×${height}`, async ({ page }) => {
			await page.setViewportSize({ width, height });
			await enter(page, server, token);
			// The picture itself: against burn-in it moves by a pixel, on a page that does not scroll.
			const size = await page.locator('.wall').evaluate((wall) => ({
				across: wall.scrollWidth - innerWidth,
				down: wall.scrollHeight - innerHeight,
				page: getComputedStyle(document.documentElement).overflow
			}));
			expect(size).toEqual({ across: 0, down: 0, page: 'hidden' });
			for (const name of ['Where', 'Which sector', 'What is open', 'Activity', 'Sources']) {
				const box = await page.getByRole('region', { name, exact: true }).boundingBox();
				expect(
					box && box.x >= 0 && box.y >= 0 && box.x + box.width <= width + 1 && box.y + box.height <= height + 1,
					`${name} is on the screen`
				).toBe(true);
			}
		});
	}
});

test('a screen without scripts shows the numbers all the same', async ({ browser, server }) => {
	const source = 'still';
	await server.source(source);
	await server.post(source, [report({ 'extra.province': 'PK-BA' })]);
	const token = await server.token('still');
	const context = await browser.newContext({ javaScriptEnabled: false });
	await context.addCookies([{ name: 'watchfloor_token', value: token, url: server.base }]);
	const page = await context.newPage();
	const complaints: string[] = [];
	listen(page, complaints);
	await page.goto(`${server.base}/wall`);
	await expect(
		page
			.getByRole('row', { name: /^Balochistan/ })
			.getByRole('cell')
			.first()
	).toHaveText('1');
	await page.goto(`${server.base}/posture`);
	await expect(page.getByRole('heading', { name: 'National posture' })).toBeVisible();
	await context.close();
});

/** How many pixels the page is wider than its screen. */
const overflow = (page: Page) =>
	page.evaluate(() => document.scrollingElement!.scrollWidth - document.scrollingElement!.clientWidth);
