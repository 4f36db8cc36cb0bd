/** The keys of the pages, as `?` shows them: `[keys, what they do]`, and on which addresses. */
export const KEYS: { title: string; on: RegExp; keys: [string, string][] }[] = [
	{
		title: 'On every page',
		on: /^/,
		keys: [
			['Ctrl K  or  /', 'go to a screen, a sector, a case, an address'],
			['?', 'these keys'],
			['Tab, Shift Tab', 'to the next control, to the one before'],
			['Enter, Space', 'open, choose'],
			['Esc', 'close what is open']
		]
	},
	{
		title: 'In menus, choices and lists of the palette',
		on: /^/,
		keys: [
			['↑ ↓ ← →', 'to the next or the one before'],
			['Home, End', 'to the first, to the last']
		]
	}
];

/** Where the choice is kept that keys without Ctrl do nothing (WCAG 2.1.4): this browser only. */
const KEPT = 'watchfloor.keys';

/** Whether `/` and `?` do something. */
export const single = (): boolean => {
	try {
		return localStorage.getItem(KEPT) !== 'off';
	} catch {
		return true; // no storage allowed: as if nothing had been chosen
	}
};

export const allow = (on: boolean): void => {
	try {
		if (on) localStorage.removeItem(KEPT);
		else localStorage.setItem(KEPT, 'off');
	} catch {
		// not kept: no storage is allowed
	}
};

/** Whether a key is typed into something, and means a letter there. */
const typing = (target: EventTarget | null): boolean =>
	target instanceof HTMLElement &&
	(target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || target.closest('dialog') !== null);

/** What a key press asks for: the palette, the keys, or nothing of ours. */
export function meaning(event: KeyboardEvent): 'palette' | 'keys' | null {
	if (event.defaultPrevented || event.isComposing || event.altKey) return null;
	if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === 'k') return 'palette';
	if (event.ctrlKey || event.metaKey || typing(event.target) || !single()) return null;
	return event.key === '/' ? 'palette' : event.key === '?' ? 'keys' : null;
}
