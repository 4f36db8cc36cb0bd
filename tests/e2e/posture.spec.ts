import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { enter, expect, test } from './watch';
import { report, Server } from './server';

type Index = { value: number | null; unknown: string | null; contributions: { text: string; points: number }[] };
type Answer = { posture: (Index & { sectors: (Index & { sector: string })[]; withheld: string | null }) | null };

test.describe('the posture index', () => {
	let server: Server;
	let token: string;
	test.beforeAll(async () => {
		server = await Server.open();
		await server.source('sensors');
		token = await server.token('posture', 'operator');
		await server.post('sensors', [
			...Array.from({ length: 20 }, (_, i) => report({ 'extra.sector': 'telecom' }, Date.now() - i * 60_000)),
			...Array.from({ length: 20 }, (_, i) => report({ 'extra.sector': 'banking' }, Date.now() - i * 60_000))
		]);
		for (const [title, severity, tlp] of [
			['Mobile core flood <b>now</b>', 'emergency', 'green'],
			['For the named only', 'severe', 'red']
		])
			await server.api(token, '/api/v1/incidents', { title, severity, tlp, type: 'ddos', sector: 'telecom' });
		// The index is made once a minute.
		await expect
			.poll(() => telecom(token).then((s) => s?.contributions.length), { timeout: 100_000, intervals: [1000] })
			.toBe(2);
	});
	test.afterAll(() => server.close());

	const ask = (who: string) => server.api<Answer>(who, '/api/v1/posture');
	const telecom = (who: string) => ask(who).then((a) => a.posture?.sectors.find((s) => s.sector === 'telecom'));

	test('opens into its reasons, and is unknown where no source reports', async ({ page }) => {
		await enter(page, server, token, '/posture');
		const affected = page.getByRole('region', { name: 'Who is affected' });
		const row = affected.locator('details').filter({ hasText: /^\s*›\s*Telecom/ });
		await expect(row.locator('.value')).toHaveText('25');
		await expect(row.locator('summary')).toContainText('critical since');
		await row.locator('summary').click();
		const reason = row.getByRole('link', { name: 'emergency incident “Mobile core flood <b>now</b>”' });
		await expect(reason).toBeVisible();
		await expect(row.locator('.points').first()).toHaveText('−59');
		const water = affected.locator('details').filter({ hasText: /^\s*›\s*Water/ });
		await expect(water.locator('summary')).toContainText('no source');
		await expect(water.locator('.value')).toHaveText('–');
		await expect(page.locator('.level')).toContainText(
			'Telecom is critical because of the emergency incident “Mobile core flood <b>now</b>” and the severe incident “For the named only”.'
		);
		await expect(page.locator('.level')).not.toContainText('Nothing else is unusual');
		for (const scheme of ['light', 'dark'] as const) expect(await violations(page, scheme)).toEqual([]);
		await page.setViewportSize({ width: 390, height: 844 });
		expect(await overflow(page)).toBe(0);
		await reason.click();
		await expect(page.getByRole('heading', { name: /Mobile core flood/ })).toBeVisible();
	});

	test('is compared with what the address says, and says where nothing is known of that time', async ({ page }) => {
		await enter(page, server, token, '/posture');
		await page.getByRole('link', { name: 'last week' }).click();
		await expect(page).toHaveURL(/against=week/);
		await expect(page.getByRole('link', { name: 'last week' })).toHaveAttribute('aria-current', 'true');
		await expect(page.locator('.level')).toContainText('none was declared last week');
		const changed = page.getByRole('region', { name: 'What changed' });
		await expect(changed).toContainText('no index last week');
		await expect(changed).toContainText('not known last week');
		await page.goBack();
		await expect(page.locator('.level')).toContainText('none was declared yesterday');
	});

	test('is one page on paper, by the browser and by the server, and that shows what its reader may see', async ({
		page
	}) => {
		await enter(page, server, token, '/posture');
		expect(await words(new Uint8Array(await page.pdf({ preferCSSPageSize: true })))).toMatchObject({ pages: 1 });
		const green = await server.token('green paper', 'executive', 'green');
		const ask = async (who: string) => {
			const answer = await fetch(`${server.base}/api/v1/posture/brief?against=month`, {
				headers: { authorization: `Bearer ${who}` }
			});
			expect(answer.headers.get('content-type')).toBe('application/pdf');
			return words(new Uint8Array(await answer.arrayBuffer()));
		};
		const [red, less] = [await ask(token), await ask(green)];
		expect([red.pages, less.pages]).toEqual([1, 1]);
		expect(red.text).toContain('For the named only');
		expect(less.text).toContain('TLP:GREEN');
		expect(less.text).toContain('Mobile core flood');
		expect(less.text).not.toMatch(/For the named|TLP:RED/);
		const file = page.waitForEvent('download');
		await page.getByRole('link', { name: 'Brief as PDF' }).click();
		expect((await file).suggestedFilename()).toMatch(/posture-\d{4}-\d\d-\d\d-\d{4}-tlp-red\.pdf$/);
	});

	test('knows for each viewer only what that may see', async ({ page }) => {
		const green = await server.token('green', 'executive', 'green');
		expect((await telecom(green))!.contributions.map((c) => c.points)).toEqual([-65]);
		expect(JSON.stringify(await ask(green))).not.toContain('For the named only');
		const banks = await server.token('banks', 'executive', 'red', '--sectors', 'banking');
		const scoped = (await ask(banks)).posture!;
		expect([scoped.sectors.map((s) => s.sector), 'nation' in scoped && scoped.nation]).toEqual([['banking'], null]);
		expect(JSON.stringify(scoped)).not.toContain('Mobile core');
		const punjab = await server.token('punjab', 'executive', 'red', '--provinces', 'PK-PB');
		expect((await ask(punjab)).posture).toMatchObject({ sectors: [], nation: null });
		await enter(page, server, punjab, '/posture');
		await expect(page.getByRole('region', { name: 'Who is affected' })).toContainText(
			'made of all provinces together, so there is none for some of them'
		);
	});
});

test.describe('the declared level', () => {
	const fill = async (page: Page, level: string, reason: string) => {
		await page.locator('select[name=level]').selectOption(level);
		await page.getByLabel('Reason, as everybody may read it').first().fill(reason);
		await page.getByRole('button', { name: 'Read it back' }).click();
	};

	test('is read back, declared, and on every screen at once; another is refused over its head; it is taken back', async ({
		page,
		browser,
		server
	}) => {
		const officer = await server.token('officer', 'executive', 'green');
		const room = await browser.newPage();
		await enter(room, server, await server.token('room', 'wall', 'clear'));
		await enter(page, server, officer, '/levels');
		const other = await browser.newPage();
		await enter(other, server, officer, '/levels');

		await fill(page, 'high', 'Flood <img src=x> in telecom');
		await expect(page.locator('p.said')).toBeFocused();
		await expect(page.locator('p.said')).toContainText('Level 4 · High, from now until');
		await expect(page.locator('blockquote')).toHaveText('Flood <img src=x> in telecom');
		await expect(room.locator('.ladder')).toContainText('No level declared');
		expect(await violations(page, 'light')).toEqual([]);
		await fill(other, 'low', 'All quiet');
		await page.getByRole('button', { name: 'Declare Level 4 · High' }).click();
		await expect(page.getByRole('status').filter({ hasText: 'every screen shows it now' })).toBeVisible();
		await expect(room.locator('.ladder')).toContainText('Level 4 · High');
		await expect(room.locator('.ladder')).toContainText('by officer');

		await other.getByRole('button', { name: 'Declare Level 2 · Low' }).click();
		await expect(
			other.getByRole('alert').filter({ hasText: 'has declared another level since you looked' })
		).toBeVisible();
		await expect(other.getByLabel('Reason, as everybody may read it').first()).toHaveValue('All quiet');

		for (const scheme of ['light', 'dark'] as const) expect(await violations(page, scheme)).toEqual([]);
		await page.setViewportSize({ width: 390, height: 844 });
		expect(await overflow(page)).toBe(0);
		const back = page.getByRole('region', { name: 'Take it back' });
		await back.getByLabel('Reason, as everybody may read it').fill('It is over');
		await back.getByLabel(/I mean it/).check();
		await back.getByRole('button', { name: 'Take it back' }).click();
		await expect(room.locator('.ladder')).toContainText('No level declared');
		await expect(page.getByRole('row', { name: /Level 4 · High/ })).toContainText('taken back by officer: It is over');
		await room.close();
		await other.close();
	});

	test('says on wall and posture when its time is over, and asks for a decision', async ({ page, browser, server }) => {
		const officer = await server.token('second officer', 'executive', 'green');
		await server.api(officer, '/api/v1/levels', {
			level: 'medium',
			reason: 'For a moment',
			until: new Date(Date.now() + 4000).toISOString()
		});
		const room = await browser.newPage();
		await enter(room, server, officer);
		await expect(room.locator('.ladder')).toContainText(/Level 3 · Medium, expired \d\d:\d\d/);
		await enter(page, server, officer, '/posture');
		await expect(page.locator('.ladder')).toContainText(/Level 3 · Medium, expired \d\d:\d\d/);
		await expect(page.getByRole('link', { name: 'Declare the national level anew, or take it back' })).toBeVisible();
		await room.close();
	});

	test('is not for an analyst or for an executive of one sector, who see who declares it', async ({ page, server }) => {
		const until = new Date(Date.now() + 3_600_000).toISOString();
		for (const [name, role, ...scope] of [
			['an analyst', 'analyst'],
			['a sector', 'executive', '--sectors', 'banking']
		] as const) {
			const token = await server.token(name, role, 'red', ...scope);
			await page.context().clearCookies();
			await enter(page, server, token, '/levels');
			await expect(page.getByText('A level is declared by an executive')).toBeVisible();
			await expect(page.getByRole('button', { name: 'Read it back' })).toHaveCount(0);
			const refused = server.api(token, '/api/v1/levels', { level: 'low', reason: 'x', until });
			await expect(refused).rejects.toThrow('403');
		}
	});
});

async function violations(page: Page, colorScheme: 'light' | 'dark'): Promise<string[]> {
	await page.emulateMedia({ colorScheme });
	const { violations } = await new AxeBuilder({ page })
		.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
		.analyze();
	return violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(' ')}: ${n.failureSummary}`));
}

const overflow = (page: Page) =>
	page.evaluate(() => document.scrollingElement!.scrollWidth - document.scrollingElement!.clientWidth);

/** How many pages a PDF has, and the words on them. */
async function words(data: Uint8Array): Promise<{ pages: number; text: string }> {
	const paper = await getDocument({ data, verbosity: 0 }).promise;
	let text = '';
	for (let n = 1; n <= paper.numPages; n++)
		for (const item of (await (await paper.getPage(n)).getTextContent()).items)
			if ('str' in item) text += `${item.str} `;
	return { pages: paper.numPages, text: text.replace(/\s+/g, ' ') };
}
