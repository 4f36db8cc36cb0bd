import { enter, expect, hour, listen, live, test, wall } from './watch';
import { report, Server } from './server';

test('a report changes its cell, its province and the total on the wall, on its own', async ({ page }) => {
	const server = await Server.open();
	try {
		await server.source('live');
		await server.post('live', [report(), report({ 'extra.sector': 'health', 'extra.province': 'PK-PB' })]);
		await enter(page, server, await server.token('live'));
		const { province, sector, cell, class: kind, total } = wall(page);
		await expect(province('Sindh')).toHaveText('1');
		await expect(sector('Banking')).toHaveText('1');
		await expect(total).toHaveAccessibleName(/^(Reports|Observations) by hour: 2 in/);

		const at = Date.now();
		await server.post('live', [report({}, at)]);
		const answered = Date.now();
		const title = `Banking & finance, ${hour(at)}: 2`;
		await page.waitForFunction(
			(t) => [...document.querySelectorAll('td[title]')].some((td) => td.getAttribute('title') === t),
			title,
			{ polling: 'raf', timeout: 15_000 }
		);
		const shown = Date.now();
		console.log(
			`  a report is on the wall ${shown - at} ms after it was sent, ${shown - answered} ms after its answer`
		);

		await expect(cell('Banking & finance', at)).toHaveAttribute('title', title);
		await expect(province('Sindh')).toHaveText('2');
		await expect(sector('Banking')).toHaveText('2');
		await expect(kind('Fraud')).toHaveText('3');
		await expect(total).toHaveAccessibleName(/^(Reports|Observations) by hour: 3 in/);
		// what is not concerned stays
		await expect(province('Punjab')).toHaveText('1');
		await expect(sector('Health')).toHaveText('1');
	} finally {
		await server.close();
	}
});

test('a duplicate changes nothing on the wall', async ({ page, server }) => {
	await enter(page, server, await server.token('duplicates'));
	const before = await wall(page).sum();
	const one = report();
	await server.source('duplicates');
	expect(await server.post('duplicates', [one])).toMatchObject({ accepted: 1, duplicates: 0 });
	await expect.poll(() => wall(page).sum()).toBe(before + 1);
	expect(await server.post('duplicates', [one, one])).toMatchObject({ accepted: 0, duplicates: 2 });
	await server.post('duplicates', [report({ 'extra.province': 'PK-GB' })]);
	await expect.poll(() => wall(page).sum()).toBe(before + 2);
});

test('a viewer with a lower clearance sees lower numbers', async ({ browser, server }) => {
	const source = 'clearance';
	await server.source(source);
	const [red, green] = [await browser.newContext(), await browser.newContext()];
	const [high, low] = [await red.newPage(), await green.newPage()];
	await enter(high, server, await server.token('all'));
	await enter(low, server, await server.token('lower', 'wall', 'green'));
	await expect(high.getByText('TLP:RED', { exact: true })).toBeVisible();
	await expect(low.getByText('TLP:GREEN', { exact: true })).toBeVisible();
	const [a, b] = [wall(high), wall(low)];
	const before = [await a.sum(), await b.sum()];
	const marked = (tlp: string, n: number) =>
		Array.from({ length: n }, () => report({ 'extra.tlp': tlp, 'extra.sector': 'water', 'extra.province': 'PK-JK' }));
	await server.post(source, [...marked('clear', 1), ...marked('green', 2), ...marked('amber', 4), ...marked('red', 8)]);

	await expect(a.sector('Water')).toHaveText('15');
	await expect(b.sector('Water')).toHaveText('3');
	await expect(a.province('Azad')).toHaveText('15');
	await expect(b.province('Azad')).toHaveText('3');
	expect([await a.sum(), await b.sum()]).toEqual([before[0]! + 15, before[1]! + 3]);
	// also on the server's own page, before any script ran
	const html = await (await green.request.get(`${server.base}/wall`)).text();
	expect(html).not.toContain('TLP:RED');
	await Promise.all([red.close(), green.close()]);
});

test('a server that is killed is missed by every screen, and comes back to each of them with nothing lost', async ({
	browser
}) => {
	test.setTimeout(240_000);
	const server = await Server.open();
	const context = await browser.newContext();
	const complaints: string[] = [];
	try {
		await server.source('crash');
		const token = await server.token('crash');
		await server.post(
			'crash',
			Array.from({ length: 40 }, () => report())
		);
		const incident = await server.api<{ id: string }>(token, '/api/v1/incidents', {
			title: 'Before the crash',
			type: 'phishing',
			severity: 'high',
			sector: 'banking'
		});
		const first = await context.newPage();
		await enter(first, server, token);
		const paths = [
			'/posture',
			'/sectors',
			'/sectors/banking',
			'/provinces',
			'/provinces/PK-SD',
			'/incidents',
			`/incidents/${incident.id}`,
			'/sources',
			'/quarantine'
		];
		const pages = [first];
		for (const path of paths) {
			const page = await context.newPage();
			await page.goto(server.base + path);
			await live(page);
			pages.push(page);
		}
		for (const page of pages) {
			listen(page, complaints);
			await page.evaluate(() => Object.assign(window, { stayed: true }));
		}
		await expect(wall(first).province('Sindh')).toHaveText('40');

		const killed = Date.now();
		await server.signal('SIGKILL');
		await Promise.all(
			pages.map((page) =>
				page.waitForFunction(
					() => /Connection lost/.test(document.body.innerText) && /\d+ s old/.test(document.body.innerText),
					null,
					{ polling: 100 }
				)
			)
		);
		console.log(`  every screen says within ${Date.now() - killed} ms that the server is gone`);
		await expect(first.getByRole('alert')).toContainText('It is kept, and catches up by itself.');
		await expect(wall(first).province('Sindh')).toHaveText('40');

		const started = Date.now();
		await server.start();
		const ready = Date.now();
		await Promise.all(pages.map(live));
		console.log(`  ready ${ready - started} ms after its start, every screen live ${Date.now() - ready} ms later`);
		await expect(first.getByRole('alert')).toBeEmpty();
		await expect(wall(first).province('Sindh')).toHaveText('40');
		await server.post('crash', [report()]);
		await expect(wall(first).province('Sindh')).toHaveText('41');
		for (const page of pages)
			expect(await page.evaluate(() => 'stayed' in window), `${page.url()} was not loaded again`).toBe(true);
		expect(await server.cli('verify')).toMatchObject({ differences: [] });
		expect(complaints).toEqual([]);
	} finally {
		await context.close();
		await server.close();
	}
});

test('a server that hangs is missed too, and its reports arrive when it goes on', async ({ page }) => {
	const server = await Server.open();
	try {
		await server.source('hang');
		await server.post('hang', [report()]);
		await enter(page, server, await server.token('hang'));
		await expect(wall(page).province('Sindh')).toHaveText('1');
		const frozen = Date.now();
		server.freeze(true);
		await page.waitForFunction(() => /no news from the server|Connection lost/i.test(document.body.innerText), null, {
			polling: 100
		});
		console.log(`  the wall says after ${Date.now() - frozen} ms that the server is silent`);
		await expect(page.locator('.fresh')).toHaveText(/\d+ s old/);
		await expect(wall(page).province('Sindh')).toHaveText('1');
		server.freeze(false);
		await live(page);
		await server.post('hang', [report()]);
		await expect(wall(page).province('Sindh')).toHaveText('2');
	} finally {
		await server.close();
	}
});
