import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { enter, expect, listen, live, test } from './watch';
import { report, Server } from './server';

/** What every screen shares: the way between them, the palette, the theme, and the page of the design. */
test.describe('what every screen shares', () => {
	let server: Server;
	let token: string;
	test.beforeAll(async () => {
		server = await Server.open();
		await server.source('feed');
		await server.post('feed', [report(), report({ 'extra.sector': 'telecom' })]);
		token = await server.token('desk');
	});
	test.afterAll(() => server?.close());

	/** Nothing is wider than the window: nobody has to scroll sideways to read. */
	const narrow = (page: Page) =>
		page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
	const scheme = (page: Page) =>
		page.evaluate(() => getComputedStyle(document.body).backgroundColor.match(/\d+/g)!.map(Number)[0]!);

	test('the keyboard alone leads from the door to a sector', async ({ page }) => {
		await page.goto(`${server.base}/login?next=%2Fposture`);
		// Past the address and the password to the token.
		await page.keyboard.press('Tab');
		for (let i = 0; i < 8; i++) {
			if (await page.evaluate(() => (document.activeElement as HTMLInputElement).name === 'token')) break;
			await page.keyboard.press('Tab');
		}
		await page.keyboard.type(token);
		await page.keyboard.press('Enter');
		await page.waitForURL('**/posture');
		await live(page);

		await page.keyboard.press('Control+k');
		const field = page.getByRole('combobox', { name: 'Go to' });
		await expect(field).toBeFocused();
		await page.keyboard.type('bank');
		await expect(page.getByRole('option', { selected: true })).toHaveText(/Banking/);
		await page.keyboard.press('Enter');
		await page.waitForURL('**/sectors/banking');
		await live(page);

		// What is typed into a field is no key of the page, and Escape gives the focus back.
		await page.keyboard.press('/');
		await expect(field).toBeFocused();
		await page.keyboard.type('203.0.113.7?');
		await expect(field).toHaveValue('203.0.113.7?');
		await page.keyboard.press('Backspace');
		await expect(page.getByRole('option', { selected: true })).toHaveText('Indicator 203.0.113.7');
		await page.keyboard.press('Escape');
		await expect(page.getByRole('dialog')).toHaveCount(0);
		await page.keyboard.press('?');
		await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
		await page.keyboard.press('Escape');
	});

	test('the palette is loaded when it is first asked for, and the wall never asks', async ({ page }) => {
		const asked: string[] = [];
		page.on('request', (r) => asked.push(r.url()));
		await enter(page, server, token, '/posture');
		const before = asked.length;
		await page.getByRole('button', { name: /^Go to/ }).click();
		await expect(page.getByRole('combobox', { name: 'Go to' })).toBeFocused();
		expect(asked.slice(before).filter((url) => url.endsWith('.js')).length).toBeGreaterThan(0);
		await enter(page, server, token, '/wall');
		await page.keyboard.press('Control+k');
		await expect(page.getByRole('dialog')).toHaveCount(0);
	});

	test('a theme is kept and there in the first byte, also without JavaScript; the wall stays dark', async ({
		page,
		browser
	}) => {
		await page.emulateMedia({ colorScheme: 'light' });
		await enter(page, server, token, '/posture');
		expect(await scheme(page)).toBeGreaterThan(200);
		await page.locator('summary', { hasText: 'your account' }).click();
		await page.getByRole('button', { name: 'Dark' }).click();
		expect(await scheme(page)).toBeLessThan(50);
		const first = await (await page.request.get(`${server.base}/posture`)).text();
		expect(first.slice(0, 200)).toContain('data-theme="dark"');
		await page.emulateMedia({ colorScheme: 'dark' });
		await page.getByRole('button', { name: 'Light' }).click();
		expect(await scheme(page)).toBeGreaterThan(200);
		await enter(page, server, token, '/wall');
		expect(await scheme(page)).toBeLessThan(50);

		const bare = await browser.newContext({ javaScriptEnabled: false, colorScheme: 'light' });
		await bare.addCookies([{ name: 'watchfloor_token', value: token, url: server.base }]);
		const plain = await bare.newPage();
		await plain.goto(`${server.base}/sectors?of=now`);
		await plain.locator('summary', { hasText: 'your account' }).click();
		await plain.getByRole('button', { name: 'Dark' }).click();
		await expect(plain).toHaveURL(`${server.base}/sectors?of=now`);
		expect(await scheme(plain)).toBeLessThan(50);
		await plain
			.locator('summary', { hasText: 'more screens' })
			.or(plain.locator('summary', { hasText: 'More' }))
			.first()
			.click();
		await plain.getByRole('link', { name: 'Rules' }).click();
		await expect(plain).toHaveURL(`${server.base}/rules`);
		await bare.close();
	});

	test('the way between the screens is one line on a phone, and closes with Escape', async ({ page }) => {
		await page.setViewportSize({ width: 390, height: 844 });
		await enter(page, server, token, '/posture');
		expect((await page.locator('header.bar').boundingBox())!.height).toBeLessThan(60);
		const sheet = page.locator('summary', { hasText: 'all screens' });
		await sheet.focus();
		await page.keyboard.press('Enter');
		await expect(page.getByRole('link', { name: 'Quarantine' })).toBeVisible();
		await page.keyboard.press('Escape');
		await expect(page.getByRole('link', { name: 'Quarantine' })).toBeHidden();
		await expect(sheet).toBeFocused();
		await page.keyboard.press('Enter');
		await page.getByRole('link', { name: 'Sources', exact: true }).click();
		await page.waitForURL('**/sources');
		await expect(page.getByRole('link', { name: 'Quarantine' })).toBeHidden();
	});

	test('a closed screen says whom it opens for, and a missing one that it is missing', async ({ page }) => {
		const executive = await server.token('executive', 'executive');
		await page.context().addCookies([{ name: 'watchfloor_token', value: executive, url: server.base }]);
		await page.goto(`${server.base}/indicators`);
		await expect(page.getByText('opens for these roles: analyst, operator, admin')).toBeVisible();
		await page.goto(`${server.base}/nowhere`);
		await expect(page.getByRole('heading', { name: 'There is no such page.' })).toBeVisible();
	});

	for (const colorScheme of ['light', 'dark'] as const)
		test(`the page of the design has nothing that axe finds, ${colorScheme}`, async ({ page }) => {
			await page.emulateMedia({ colorScheme });
			await page.context().addCookies([{ name: 'watchfloor_token', value: token, url: server.base }]);
			await page.goto(`${server.base}/design`);
			await expect(page.getByText('none falls short')).toBeVisible();
			const { violations } = await new AxeBuilder({ page }).analyze();
			expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)).toEqual([]);
		});

	test('at 400 % nothing is lost sideways, on each screen of the desk', async ({ page }) => {
		await page.context().addCookies([{ name: 'watchfloor_token', value: token, url: server.base }]);
		await page.setViewportSize({ width: 320, height: 256 });
		const wide: string[] = [];
		for (const path of DESK) {
			await page.goto(server.base + path);
			const over = await narrow(page);
			if (over > 0) wide.push(`${path}: ${over} px`);
		}
		expect(wide).toEqual([]);
	});

	test('without colours of our own, marks and hatches keep their shapes', async ({ browser }) => {
		const context = await browser.newContext({ forcedColors: 'active' });
		await context.addCookies([{ name: 'watchfloor_token', value: token, url: server.base }]);
		const page = await context.newPage();
		const said: string[] = [];
		listen(page, said);
		await page.goto(`${server.base}/design`);
		// A shape that is filled with the colour of its ground is not there.
		const lost = await page.evaluate(
			() =>
				[...document.querySelectorAll<SVGElement>('.shape svg, .priority svg, .health svg, .fresh svg')].filter(
					(svg) => {
						const drawn = svg.querySelector('path, circle')!;
						const { fill, stroke } = getComputedStyle(drawn);
						const ground = getComputedStyle(document.body).backgroundColor;
						return (fill === 'none' || fill === ground) && (stroke === 'none' || stroke === ground);
					}
				).length
		);
		expect(lost).toBe(0);
		const hatched = page.locator('.hatch').first();
		expect(await hatched.evaluate((el) => getComputedStyle(el).backgroundImage)).toContain('url(');
		expect(said).toEqual([]);
		await context.close();
	});
});

const DESK = [
	'/posture',
	'/alarms',
	'/sectors',
	'/sectors/banking',
	'/provinces/PK-SD',
	'/incidents',
	'/indicators',
	'/campaigns',
	'/constituents',
	'/outbound',
	'/levels',
	'/sources',
	'/calendar',
	'/quarantine',
	'/rules',
	'/design'
];
