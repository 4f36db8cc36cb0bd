import type { Role } from '$lib/core/viewer';

/** Where somebody goes from the door. */

/** The first screen of a role. */
export const home = (role: Role): string => (role === 'executive' ? '/posture' : '/wall');

/** The sign-in that leads back to `path`. */
export const login = (path: string): string => (path === '/' ? '/login' : `/login?next=${encodeURIComponent(path)}`);

/** `next` when it is a path of our own, else null: nobody is led to another site by a link that looks like ours. */
export function inside(next: unknown): string | null {
	if (typeof next !== 'string' || !/^\/(?![/\\])[\x21-\x7e]*$/.test(next) || next.includes('\\')) return null;
	const here = 'http://inside.invalid';
	if (!URL.canParse(next, here)) return null;
	const url = new URL(next, here);
	if (url.origin !== here || /^\/(login|logout|setup|api)(\/|$)/.test(url.pathname) || url.pathname.startsWith('//'))
		return null;
	return url.pathname + url.search;
}
