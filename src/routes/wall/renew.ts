/** Under which the build that was last loaded for is remembered, for as long as the window is open. */
const KEY = 'watchfloor:build';

/**
 * Loads the page anew when another build serves it, once for each: if it comes back as it was (a cache between), it
 * stays, rather than load for ever. Answers whether it does.
 */
export function renew(
	mine: string,
	theirs: string | null,
	kept: Pick<Storage, 'getItem' | 'setItem'>,
	load: () => void
): boolean {
	if (theirs === null || theirs === mine || kept.getItem(KEY) === theirs) return false;
	kept.setItem(KEY, theirs);
	load();
	return true;
}
