import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { colours, PAIRS, ratio, SCHEMES } from './contrast';

const src = join(import.meta.dirname, '../../..');
const css = readFileSync(join(src, 'app.css'), 'utf8');
const tokens = colours(css);
const texts = readdirSync(src, { recursive: true, withFileTypes: true })
	.filter((f) => f.isFile() && /\.(svelte|ts|css)$/.test(f.name) && !f.name.endsWith('.spec.ts'))
	.map((f) => join(f.parentPath, f.name))
	.map((file) => ({ file: relative(src, file), text: readFileSync(file, 'utf8') }));

describe('the contrast of two colours', () => {
	it('is 21 of black on white and 1 of a colour on itself', () => {
		expect(ratio('#000000', '#ffffff')).toBeCloseTo(21);
		expect(ratio('#59656e', '#59656e')).toBe(1);
	});
	it('is the known one of a grey', () => expect(ratio('#767676', '#ffffff')).toBeCloseTo(4.54, 2));
});

describe('the colours of the product', () => {
	it.each(PAIRS.flatMap((pair) => SCHEMES.map((scheme) => ({ ...pair, scheme }))))(
		'$ink is seen on $on in the $scheme scheme ($use)',
		({ ink, on, least, scheme }) => {
			const [a, b] = [tokens.get(ink)?.[scheme], tokens.get(on)?.[scheme]];
			expect(a && b, 'both are tokens').toBeTruthy();
			expect(ratio(a!, b!)).toBeGreaterThanOrEqual(least);
		}
	);

	/** Where a raw colour is meant, and why. */
	const RAW: Record<string, RegExp> = {
		// paper is white whatever the screen
		'routes/+layout.svelte': /#fff\b/g
	};
	it('are tokens: no component has a raw colour', () => {
		const raw = /#[0-9a-f]{3,8}\b(?![^{};]*\{)|\b(?:rgba?|hsla?|oklch|oklab|lab|lch)\(/gi;
		const found = texts
			.filter(({ file }) => file.endsWith('.svelte') && !file.startsWith('routes/api'))
			.flatMap(({ file, text }) => {
				const style = /<style>([\s\S]*)<\/style>/.exec(text)?.[1] ?? '';
				const meant = Object.hasOwn(RAW, file) ? style.replace(RAW[file]!, '') : style;
				return [...meant.matchAll(raw)].map((m) => `${file}: ${m[0]}`);
			});
		expect(found).toEqual([]);
	});

	it('and all other tokens are used', () => {
		const all = texts.map((t) => t.text).join('\n');
		const names = [...css.matchAll(/^\s*--([a-z0-9-]+):/gim)].map((m) => m[1]!);
		expect(names.length).toBeGreaterThan(50);
		// The ramp, TLP and space names are also put together: `--ramp-${n}`.
		const unused = names.filter(
			(name) => !/^(ramp|tlp|space|size)-/.test(name) && !new RegExp(`var\\(--${name}\\b`).test(all)
		);
		expect(unused).toEqual([]);
	});
});
