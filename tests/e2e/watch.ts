import { expect, test as base, type Page } from '@playwright/test';
import { Server } from './server';

/** What the browser complained about on a page: scripts that failed, and what the content policy stopped. */
export type Complaints = string[];

type Mine = { complaints: Complaints };
type Shared = { server: Server };

/**
 * `server`: one for all tests of a worker that leave it as it was. `complaints`: every test fails on a script error or on
 * a violation of the content security policy, on any screen it opened with `page`.
 */
export const test = base.extend<Mine, Shared>({
	server: [
		async ({}, use) => {
			const server = await Server.open();
			await use(server);
			await server.close();
		},
		{ scope: 'worker', timeout: 120_000 }
	],
	complaints: [
		async ({ page }, use) => {
			const said: Complaints = [];
			listen(page, said);
			await use(said);
			expect(said, 'scripts that failed or that the content policy stopped').toEqual([]);
		},
		{ auto: true }
	]
});
export { expect };

/** Writes down what the page's browser complains about. */
export function listen(page: Page, said: Complaints): void {
	page.on('pageerror', (error) => said.push(`${page.url()}: ${error.message}`));
	page.on('console', (message) => {
		if (/content security policy|refused to/i.test(message.text())) said.push(`${page.url()}: ${message.text()}`);
	});
}

/** Signs a page in with a token, by the link that a wall is given, and waits for `path` to be live. */
export async function enter(page: Page, server: Server, token: string, path = '/wall'): Promise<void> {
	await page.goto(`${server.base}/login?next=${encodeURIComponent(path)}#${token}`);
	await page.waitForURL((url) => url.pathname + url.search === path);
	await live(page);
}

/** Waits until the screen says that it is live. */
export async function live(page: Page): Promise<void> {
	await expect(page.locator('.fresh').first()).toContainText(/^\s*live/i, { timeout: 20_000 });
}

/** The figures of the wall, read from the tables that stand behind its map and its heatmap. */
export function wall(page: Page) {
	const map = page.getByRole('table', { name: /^Provinces\./ });
	// A table for some, a grid of links for whoever may open what a cell counts.
	const heat = page.locator('table', {
		has: page.locator('caption', { hasText: /^\s*(Reports|Observations) by sector and hour/ })
	});
	const total = page.locator('svg[aria-label^="Observations by hour: "], svg[aria-label^="Reports by hour: "]');
	const number = async (text: Promise<string | null>) => Number((await text)?.replace(/\D/g, '') || Number.NaN);
	return {
		province: (name: string) =>
			map
				.getByRole('row', { name: new RegExp(`^${name}`) })
				.getByRole('cell')
				.first(),
		sector: (name: string) =>
			heat
				.locator('tr', { has: page.locator('th', { hasText: new RegExp(`^\\s*${name}`) }) })
				.locator('td')
				.last(),
		/** the cell of a sector in the hour (UTC+5) of a moment */
		cell: (name: string, at: number) => page.locator(`td[title^="${name}, ${hour(at)}: "]`),
		class: (name: string) => page.locator('dl div', { hasText: name }).locator('dd'),
		total,
		async sum(): Promise<number> {
			return number(total.getAttribute('aria-label').then((s) => s?.split(' in ')[0] ?? null));
		}
	};
}

/** `14:00` in Pakistan. */
export const hour = (at: number): string => `${new Date(at + 5 * 3_600_000).toISOString().slice(11, 13)}:00`;
