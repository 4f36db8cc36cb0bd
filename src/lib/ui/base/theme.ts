import { COOKIE, YEAR, type Theme } from '$lib/core/theme';

/** Told to the window when it was chosen anywhere, with the theme as its detail. */
export const CHOSEN = 'watchfloor:theme';

/** Shows the desk in this theme at once, and keeps the choice. In the browser only. */
export function choose(theme: Theme): void {
	document.documentElement.dataset.theme = theme;
	const secure = location.protocol === 'https:' ? '; Secure' : '';
	const kept = theme === 'system' ? 'max-age=0' : `max-age=${YEAR}`;
	document.cookie = `${COOKIE}=${theme}; path=/; ${kept}; samesite=lax${secure}`;
	dispatchEvent(new CustomEvent(CHOSEN, { detail: theme }));
}
