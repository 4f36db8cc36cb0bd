/** The colour tokens of app.css, read from its text, and how well they are seen on each other (WCAG 2.2, 1.4.3 and 1.4.11). */

export const SCHEMES = ['light', 'dark'] as const;
export type Scheme = (typeof SCHEMES)[number];
/** A colour in both schemes, as `#rrggbb`. */
export type Colour = Record<Scheme, string>;

/** Every token that is one colour, or one for each scheme, by its name without the dashes. */
export function colours(css: string): Map<string, Colour> {
	const found = new Map<string, Colour>();
	const hex = '#[0-9a-f]{6}';
	for (const [, name, light, dark, both] of css.matchAll(
		new RegExp(`^\\s*--([a-z0-9-]+):\\s*(?:light-dark\\((${hex}),\\s*(${hex})\\)|(${hex}));`, 'gim')
	))
		if (name) found.set(name, { light: (light ?? both)!, dark: (dark ?? both)! });
	return found;
}

const channel = (part: string): number => {
	const c = parseInt(part, 16) / 255;
	return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
};
const luminance = (hex: string): number =>
	0.2126 * channel(hex.slice(1, 3)) + 0.7152 * channel(hex.slice(3, 5)) + 0.0722 * channel(hex.slice(5, 7));

/** Contrast ratio of two colours, 1 to 21 (WCAG 2.2, "contrast ratio"). */
export function ratio(a: string, b: string): number {
	const [one, two] = [luminance(a), luminance(b)];
	return (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
}

/** What is read or seen on what, and at which ratio at the least: 4.5 for text, 3 for edges and marks. */
export const PAIRS: readonly { ink: string; on: string; least: 4.5 | 3; use: string }[] = [
	...['ground', 'raised'].flatMap((on) => [
		{ ink: 'strong', on, least: 4.5 as const, use: 'headings, figures' },
		{ ink: 'text', on, least: 4.5 as const, use: 'text' },
		{ ink: 'quiet', on, least: 4.5 as const, use: 'notes' },
		{ ink: 'link', on, least: 4.5 as const, use: 'ways' },
		{ ink: 'amber', on, least: 4.5 as const, use: 'late, overdue, high' },
		{ ink: 'vermilion', on, least: 4.5 as const, use: 'severe, an error' },
		{ ink: 'edge', on, least: 3 as const, use: 'edges of controls' },
		{ ink: 'focus', on, least: 3 as const, use: 'the focus' }
	]),
	{ ink: 'ground', on: 'strong', least: 4.5, use: 'what is pressed or chosen' },
	{ ink: 'amber', on: 'amber-ground', least: 4.5, use: 'not live' },
	{ ink: 'vermilion', on: 'vermilion-ground', least: 4.5, use: 'rings' },
	...[0, 1, 2, 3, 4, 5].map((n) => ({ ink: 'strong', on: `ramp-${n}`, least: 4.5 as const, use: 'a count in a cell' })),
	...['below-2', 'below-1', 'usual', 'above-1', 'above-2'].map((on) => ({
		ink: 'strong',
		on,
		least: 4.5 as const,
		use: 'a deviation'
	})),
	{ ink: 'above-3-ink', on: 'above-3', least: 4.5, use: 'a deviation' },
	{ ink: 'above-4-ink', on: 'above-4', least: 4.5, use: 'a deviation' },
	...['clear', 'green', 'amber', 'red'].map((t) => ({
		ink: `tlp-${t}`,
		on: 'tlp-ground',
		least: 4.5 as const,
		use: 'TLP'
	}))
];
