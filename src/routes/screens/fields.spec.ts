import { expect, test } from 'vitest';
import { read } from './fields';

const form = (given: Record<string, string>) => {
	const out = new FormData();
	for (const [name, value] of Object.entries(given)) out.set(name, value);
	return out;
};

test('scenes are shown in the order of their places, those without one not at all', () => {
	const { scenes } = read(
		form({ 'place.sources': '1', 'place.nation': '2', 'place.sector': '', 'place.province': '0' })
	);
	expect(scenes).toEqual(['sources', 'nation']);
});

test('what is left empty is none, and not zero', () => {
	expect(read(form({ diagonal: '', distance: ' ', seconds: '45', sector: '' }))).toMatchObject({
		diagonal: null,
		distance: null,
		seconds: 45,
		sector: null,
		paused: false,
		sound: false
	});
});
