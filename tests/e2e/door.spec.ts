import { enter, expect, live, test } from './watch';
import { Server } from './server';

const PASSWORD = 'a long enough passphrase';

test('the first start leads through the printed link to an administrator who signs out and in again', async ({
	page
}) => {
	const server = await Server.open();
	try {
		const printed = () => /http:\S+\/setup#\S+/.exec(server.said)?.[0] ?? '';
		await expect.poll(printed).toContain(`${server.base}/setup#`);
		const link = printed();
		await page.goto(`${server.base}/wall`);
		await expect(page).toHaveURL(/\/login\?next=/);
		await expect(page.getByText('Nobody is set up yet')).toBeVisible();

		await page.goto(link);
		await expect(page.getByLabel('Setup code')).not.toHaveValue('');
		expect(page.url(), 'the code is gone from the address').not.toContain('#');
		await page.getByLabel('Your name').fill('Amna Admin');
		await page.getByLabel('E-mail address').fill('amna@cert.example');
		await page.getByLabel('Password').fill(PASSWORD);
		await page.getByRole('button', { name: 'Set up' }).click();
		await page.waitForURL('**/wall');
		await live(page);

		await page.goto(`${server.base}/posture`);
		await page.locator('summary', { hasText: 'your account' }).click();
		await expect(page.getByText('Amna Admin · admin')).toBeVisible();
		await page.getByRole('button', { name: 'Sign out' }).click();
		await page.waitForURL('**/login');
		await page.goto(`${server.base}/incidents`);
		await expect(page).toHaveURL(/\/login\?next=%2Fincidents/);

		await page.getByLabel('E-mail address').fill('amna@cert.example');
		await page.getByLabel('Password').fill('not the passphrase');
		await page.getByRole('button', { name: 'Sign in' }).click();
		await expect(page.getByRole('alert')).toContainText('do not belong together');
		await expect(page.getByLabel('E-mail address')).toHaveValue('amna@cert.example');

		await page.getByLabel('Password').fill(PASSWORD);
		await page.getByRole('button', { name: 'Sign in' }).click();
		await page.waitForURL('**/incidents');
		await live(page);

		// once is once
		await page.context().clearCookies();
		await page.goto(link);
		await expect(page).toHaveURL(/\/login/);
	} finally {
		await server.close();
	}
});

test('a wall signs in with its token, and is ended when the token is revoked', async ({ page, server }) => {
	const token = await server.token('a wall', 'wall', 'green');
	await enter(page, server, token);
	expect(page.url()).not.toContain(token);

	await server.cli('token', 'revoke', 'a wall');
	const revoked = Date.now();
	await page.waitForFunction(
		() => /does not let this screen in|\/login/.test(document.body.innerText + location.pathname),
		null,
		{ polling: 100 }
	);
	console.log(`  the wall is ended within ${Date.now() - revoked} ms after the command`);
	await page.goto(`${server.base}/wall`);
	await expect(page).toHaveURL(/\/login\?next=%2Fwall/);
	await page.getByLabel('Token').fill(token);
	await page.getByRole('button', { name: 'Open the screen' }).click();
	await expect(page.getByRole('alert')).toContainText('revoked');
});

test('a source token opens no screen', async ({ page, server }) => {
	await page.goto(`${server.base}/login#${await server.source('door')}`);
	await expect(page.getByRole('alert')).toContainText('opens no screen');
});
