import type { Config } from '../ops/config';

/**
 * Whether a request that a cookie authenticates comes from our own pages. With `ORIGIN` set, that is our origin;
 * without it, an origin at the host that the browser asked for. A browser leaves the header out on a plain read of its
 * own site; then it says so in `Sec-Fetch-Site`, which no page can set.
 */
export function own(config: Pick<Config, 'ORIGIN'>, get: (name: string) => string | null | undefined): boolean {
	const origin = get('origin');
	if (!origin) return get('sec-fetch-site') === 'same-origin';
	if (!URL.canParse(origin)) return false;
	if (config.ORIGIN) return new URL(config.ORIGIN).origin === new URL(origin).origin;
	return new URL(origin).host === get('host')?.toLowerCase();
}

/** Whether people come over TLS: then cookies are for TLS only. */
export const secure = (config: Pick<Config, 'ORIGIN'>): boolean => config.ORIGIN?.startsWith('https:') ?? false;
