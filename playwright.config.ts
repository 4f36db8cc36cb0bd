import { defineConfig } from '@playwright/test';
import { LAUNCH } from './tests/browser';

/**
 * The whole product as its users meet it: a real browser, the real server with a real PostgreSQL, as processes of their
 * own. One worker: the machine is shared with the server and its database.
 */
export default defineConfig({
	testDir: 'tests/e2e',
	workers: 1,
	timeout: 120_000,
	expect: { timeout: 15_000 },
	forbidOnly: Boolean(process.env.CI),
	use: {
		locale: 'en-GB',
		timezoneId: 'Asia/Karachi',
		trace: 'off',
		launchOptions: LAUNCH
	}
});
