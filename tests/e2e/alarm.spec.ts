import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { Server } from './server';
import { enter, expect, test } from './watch';

/** Text that would run if anything wrote it as markup. */
const HOSTILE = '<img src=x onerror="window.ran = 1">';
/** Milliseconds in which the rules have looked: they do so once a minute. */
const MINUTE = 100_000;

test.describe('an alarm', () => {
	let server: Server;
	let token: string;
	let wall: string;
	test.beforeAll(async () => {
		server = await Server.open();
		token = await server.token('officer');
		wall = await server.token('chief', 'executive');
	});
	test.afterAll(() => server.close());

	const open = (title: string) =>
		server.api<{ id: string }>(token, '/api/v1/incidents', {
			title,
			type: 'ddos',
			severity: 'severe',
			sector: 'telecom'
		});
	/** Nothing is against WCAG 2.2 AA, in light and in dark. */
	async function accessible(page: Page) {
		for (const colorScheme of ['light', 'dark'] as const) {
			await page.emulateMedia({ colorScheme });
			const { violations } = await new AxeBuilder({ page })
				.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
				.analyze();
			expect(violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(' ')}`))).toEqual([]);
		}
		expect(await page.evaluate(() => 'ran' in window)).toBe(false);
	}

	test('rings on every screen at once, is acknowledged with one key, put aside, taken back and cleared', async ({
		page,
		browser
	}) => {
		test.setTimeout(240_000);
		const other = await (await browser.newContext()).newPage();
		await enter(other, server, wall, '/alarms');
		await enter(page, server, token, '/alarms');
		await expect(page.getByText('numbers ring for nobody')).toBeVisible();
		const title = `Core routers ${HOSTILE}`;
		const { id } = await open(title);
		const name = new RegExp(`Severe incident ${id}: Core routers`);
		const row = page.locator('[data-alarm]', { hasText: id });
		const theirs = other.locator('[data-alarm]', { hasText: id });
		await expect(row).toBeVisible({ timeout: MINUTE });
		await expect(theirs).toBeVisible();
		await expect(theirs.getByRole('button')).toHaveCount(0);
		await expect(row).toContainText(HOSTILE);
		await accessible(page);

		await row.getByRole('link', { name }).focus();
		await page.keyboard.press('a');
		await expect(row).toContainText('seen by officer');
		await expect(theirs).toContainText('seen by officer');
		await expect(page.getByRole('heading', { name: '1 alarm rings' })).toBeVisible();

		await row.getByRole('link', { name }).click();
		await expect(page.getByText('Read the case. See that a team has it')).toBeVisible();
		await page.getByText('Put aside', { exact: true }).first().click();
		await page.getByRole('combobox', { name: 'For' }).selectOption('4');
		await page.getByLabel('Reason').first().fill('The provider works on it');
		await page.getByRole('button', { name: 'Put aside' }).click();
		await expect(page.getByText('The provider works on it', { exact: true })).toBeVisible();
		await expect(other.getByRole('heading', { name: 'Nothing rings' })).toBeVisible();
		await expect(theirs).toContainText('The provider works on it');
		await accessible(page);
		await page.getByRole('button', { name: 'Take from the shelf' }).click();
		await expect(other.getByRole('heading', { name: '1 alarm rings' })).toBeVisible();

		await page.getByText('Clear', { exact: true }).first().click();
		await page.locator('form[action="?/clear"]').getByLabel('Reason').fill('Handed to the team');
		await page.getByRole('button', { name: 'Clear' }).click();
		await expect(page.getByText('Handed to the team', { exact: true })).toBeVisible();
		await expect(theirs).toHaveCount(0);
		await expect(other.getByRole('row', { name })).toBeVisible();
		await other.context().close();

		const { alarms } = await server.api<{ alarms: unknown[] }>(token, '/api/v1/alarms');
		expect(alarms).toEqual([]);
	});

	test('twelve at once are one line that opens, and programs are told the same', async ({ page }) => {
		test.setTimeout(240_000);
		for (let i = 0; i < 12; i++) await open(`Case ${i}`);
		await enter(page, server, token, '/alarms');
		const line = page.getByText('12 alarms in 10 minutes, all of incidents in Telecom');
		await expect(line).toBeVisible({ timeout: MINUTE });
		await expect(page.locator('[data-alarm]').first()).toBeHidden();
		await accessible(page);
		await line.click();
		await expect(page.locator('[data-alarm]').first()).toBeVisible();
		await page
			.getByRole('button', { name: /^Acknowledge: Severe incident/ })
			.first()
			.click();
		await expect(page.getByText('11 not seen yet')).toBeVisible();
		// From the keyboard one after the other, without looking for the next.
		await page.locator('[data-alarm] h3 a').first().focus();
		for (const left of [10, 9, 8]) {
			await page.keyboard.press('a');
			await expect(page.getByText(`${left} not seen yet`)).toBeVisible();
			await expect(page.locator('[data-alarm] h3 a:focus')).toBeVisible();
		}
		await page.keyboard.press('ArrowDown');
		await expect(page.locator('[data-alarm] h3 a:focus')).toBeVisible();
		await accessible(page);
		const said = await server.api<{ flood: { count: number; text: string }; rate: { peak: number } }>(
			token,
			'/api/v1/alarms'
		);
		expect(said.flood).toMatchObject({ count: 12, text: '12 alarms in 10 minutes, all of incidents in Telecom' });
		expect(said.rate.peak).toBeGreaterThanOrEqual(12);
		await page.setViewportSize({ width: 390, height: 844 });
		const wide = await page.evaluate(() => document.documentElement.scrollWidth);
		expect(wide).toBe(390);
		await accessible(page);
	});

	test('is asked of programs with its rights: who may not is told, and so is who comes second', async () => {
		const call = (path: string, as: string, init: RequestInit = {}) =>
			fetch(server.base + path, { ...init, headers: { authorization: `Bearer ${as}`, ...init.headers } });
		const { alarms } = await server.api<{ alarms: { id: number; standing: string }[] }>(token, '/api/v1/alarms');
		const one = alarms.find((a) => a.standing === 'unacknowledged')!;
		const post = (verb: string, as = token, body?: unknown) =>
			call(`/api/v1/alarms/${one.id}/${verb}`, as, {
				method: 'POST',
				body: body && JSON.stringify(body)
			} as RequestInit);
		expect((await post('acknowledge', wall)).status).toBe(403);
		expect((await post('acknowledge', 'nobody')).status).toBe(401);
		expect((await post('acknowledge')).status).toBe(200);
		expect((await post('acknowledge')).status).toBe(409);
		expect((await post('shelve', token, { reason: 'x' })).status).toBe(400);
		expect((await post('unshelve')).status).toBe(409);
		expect((await post('explode')).status).toBe(404);
		expect((await call('/api/v1/alarms/999999/clear', token, { method: 'POST', body: '{"reason":"x"}' })).status).toBe(
			404
		);
		const opened = await (await call(`/api/v1/alarms/${one.id}`, wall)).json();
		expect(opened).toMatchObject({ standing: 'acknowledged', history: [{ what: 'raised' }, { what: 'acknowledged' }] });

		const operator = await server.token('tuner', 'operator');
		const patch = (
			as: string,
			headers: HeadersInit = { 'if-match': '"1"' },
			body: unknown = { params: { grace: 60 } }
		) => call('/api/v1/rules/silence', as, { method: 'PATCH', body: JSON.stringify(body), headers });
		expect((await patch(token)).status).toBe(403);
		expect((await patch(operator, {})).status).toBe(428);
		const wrong = await patch(operator, undefined, { params: { grace: 'long' } });
		expect(wrong.status).toBe(400);
		expect(await wrong.json()).toMatchObject({ path: 'params.grace' });
		const done = await patch(operator);
		expect(done.headers.get('etag')).toBe('"2"');
		expect((await patch(operator)).status).toBe(412);
		const { rules } = (await (await call('/api/v1/rules', wall)).json()) as { rules: { slug: string; by: string }[] };
		expect(rules.find((r) => r.slug === 'silence')).toMatchObject({ by: 'tuner', params: { grace: 60, hold: 5 } });
	});

	test('has a rule that an operator tunes on its page', async ({ page }) => {
		await enter(page, server, await server.token('hand', 'operator'), '/rules');
		const rule = page.locator('#surge');
		await rule.getByText('Change', { exact: true }).click();
		await rule.getByLabel('Deviation, σ above the usual that raise it').fill('6.5');
		await rule.getByRole('checkbox', { name: 'fraud' }).uncheck();
		await accessible(page);
		await rule.getByRole('button', { name: 'Store the rule' }).click();
		await expect(rule.getByText('Stored as version 2')).toBeVisible();
		await expect(rule).toContainText('Changed by hand');
		await expect(rule.locator('dl')).toContainText('6.5');
		await expect(rule.locator('dl')).not.toContainText('fraud');
		await enter(page, server, token, '/rules');
		await expect(page.getByText('Change', { exact: true })).toHaveCount(0);
	});
});
