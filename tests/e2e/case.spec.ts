import { enter, expect, live, test, wall } from './watch';
import { report, Server } from './server';

test('an incident opened at the desk is on the wall, and leaves it when it is closed', async ({
	page,
	server,
	browser
}) => {
	const token = await server.token('case');
	const room = await browser.newContext({ viewport: { width: 1920, height: 1080 } });
	const screen = await room.newPage();
	await enter(screen, server, token);
	await enter(page, server, token, '/incidents');
	const title = `Payment portal out of reach ${Date.now()}`;

	await page.getByText('Open a case', { exact: true }).click();
	await page.getByRole('textbox', { name: 'Title' }).fill(title);
	await page.locator('form[action="?/open"] select[name=type]').selectOption('ddos');
	await page.locator('form[action="?/open"] select[name=severity]').selectOption('severe');
	await page.locator('form[action="?/open"] select[name=sector]').selectOption('banking');
	await page.locator('form[action="?/open"] select[name=province]').selectOption('PK-PB');
	const sent = Date.now();
	await page.getByRole('button', { name: 'Open the case' }).click();
	const row = screen.getByRole('link', { name: title });
	await row.waitFor();
	console.log(`  the case is on the wall after ${Date.now() - sent} ms`);
	await expect(page.getByRole('heading', { name: title })).toBeVisible();

	await page.getByRole('combobox', { name: 'Phase' }).selectOption('closed');
	await page.getByLabel('Note for the history').fill('The provider answers again.');
	await page.getByRole('button', { name: 'Store the change' }).click();
	await expect(page.getByText('Stored as version 2.')).toBeVisible();
	await expect(page.getByText('The provider answers again.').first()).toBeVisible();
	await expect(row).toHaveCount(0);
	await room.close();
});

test('two people who change one case: the second is told', async ({ page, server, browser }) => {
	const token = await server.token('conflict');
	const incident = await server.api<{ id: string }>(token, '/api/v1/incidents', {
		title: 'Changed by two',
		type: 'phishing',
		severity: 'medium'
	});
	const other = await (await browser.newContext()).newPage();
	await enter(page, server, token, `/incidents/${incident.id}`);
	await enter(other, server, token, `/incidents/${incident.id}`);
	await other.getByLabel('Note for the history').fill('being written');
	await page.getByRole('combobox', { name: 'Phase' }).selectOption({ index: 1 });
	await page.getByRole('button', { name: 'Store the change' }).click();
	await expect(page.getByText('Stored as version 2.')).toBeVisible();
	await expect(other.getByText('This case has changed since you read it.')).toBeVisible();
	await other.getByRole('button', { name: 'Store the change' }).click();
	await expect(other.getByRole('alert').first()).toBeVisible();
	await expect(other.getByText('version 2', { exact: false }).first()).toBeVisible();
	await other.context().close();
});

test('what could not be read is shown with its reason, and counted after the fix', async ({ page }) => {
	const server = await Server.open({ WATCHFLOOR_KEEP_OBSERVATIONS: '30d' });
	try {
		await server.source('quarantine');
		const old = report({ 'source.fqdn': 'old.example' }, Date.now() - 60 * 86_400_000);
		const delivery = await server.post('quarantine', [
			report(),
			'{"classification.type": ',
			report({ 'classification.type': 'no-such-type' }),
			old
		]);
		expect(delivery).toMatchObject({ accepted: 1, quarantined: 3 });
		await enter(page, server, await server.token('quarantine'), '/quarantine');
		await expect(page.getByText('3 records')).toBeVisible();
		await page.getByRole('link', { name: /no-such-type/ }).click();
		await expect(page.locator('pre mark')).toHaveText(/no-such-type/);
		await page.getByRole('button', { name: /^Try record \d+ again$/ }).click();
		await expect(page.getByText(/Still cannot be read/).first()).toBeVisible();

		// the fix: the operator keeps observations for longer
		await server.signal('SIGTERM');
		await server.start({ WATCHFLOOR_KEEP_OBSERVATIONS: '400d' });
		await live(page);
		await page.goto(`${server.base}/quarantine`);
		await page.getByRole('link', { name: /kept for 30 days/ }).click();
		await expect(page.locator('pre').first()).toContainText('old.example');
		await page.getByRole('button', { name: /^Try record \d+ again$/ }).click();
		await expect(page.getByText('Accepted: it is counted now.').first()).toBeVisible();
		await page.goto(`${server.base}/quarantine`);
		await expect(page.getByText('2 records')).toBeVisible();
		expect(await server.cli('verify')).toMatchObject({ differences: [] });
	} finally {
		await server.close();
	}
});

test('the wall of a scope shows its own sector and hatches the others', async ({ page, server }) => {
	await server.source('scope');
	await server.post('scope', [report({ 'extra.sector': 'media' }), report({ 'extra.sector': 'defence' })]);
	await enter(page, server, await server.token('scope', 'wall', 'red', '--sectors', 'media'));
	await expect(wall(page).sector('Media')).toHaveText('1');
	await expect(wall(page).sector('Defence')).toHaveText('–');
	await expect(
		page.getByRole('table', { name: /^(Reports|Observations) by sector/ }).getByRole('row', { name: /^Defence/ })
	).toContainText('outside your scope');
});
