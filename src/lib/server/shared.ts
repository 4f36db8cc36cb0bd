import type { App } from './app';

/**
 * The one instance of this process. SvelteKit's server bundle and the process entry are two bundles, each with module
 * state of its own: what both use is put here, and nowhere else.
 */
const KEY = Symbol.for('watchfloor');
const place = globalThis as { [KEY]?: App };

export function set(app: App): void {
	if (place[KEY]) throw new Error('The product has been composed twice in one process.');
	place[KEY] = app;
}

/** @throws Error before it has been composed */
export function get(): App {
	const app = place[KEY];
	if (!app) throw new Error('The product has not been composed yet.');
	return app;
}
