import { expect, test } from 'vitest';
import { Deep, type Page, type Place } from './deep.svelte';

const SIZE = 100;
/** The numbers 0 (the newest) to `all`, with cursors that are places. */
const source =
	(all: number) =>
	(place: Place): Promise<Page<number>> => {
		const up = place.newer !== undefined;
		const given = Number(place.newer ?? place.cursor ?? (place.at === undefined ? -1 : place.at - 1));
		const from = up ? Math.max(0, given - SIZE) : given + 1;
		const to = up ? given : Math.min(all, from + SIZE);
		const rows = Array.from({ length: to - from }, (_, i) => from + i);
		return Promise.resolve({
			rows,
			next: to < all ? String(to - 1) : null,
			previous: String(from),
			more: from > 0
		});
	};
const open = async (all: number) => new Deep(source(all), await source(all)({}));

test('reading on to the end and back gives each row once, in order, and never holds many', async () => {
	const deep = await open(5000);
	const seen: number[] = [...deep.rows];
	while (!deep.end) {
		const last = deep.rows.at(-1)!;
		await deep.down();
		seen.push(...deep.rows.slice(deep.rows.indexOf(last) + 1));
		expect(deep.rows.length).toBeLessThanOrEqual(800);
		expect(deep.first).toBe(deep.rows[0]);
	}
	expect(seen).toEqual(Array.from({ length: 5000 }, (_, i) => i));
	expect(deep.top).toBe(false);
	while (!deep.top) {
		await deep.up();
		expect(deep.rows.length).toBeLessThanOrEqual(800);
		expect(deep.rows).toEqual(Array.from({ length: deep.rows.length }, (_, i) => deep.rows[0]! + i));
		expect(deep.first).toBe(deep.rows[0]);
	}
	expect(deep.rows[0]).toBe(0);
});

test('a jump into the middle can be read on from in both directions', async () => {
	const deep = await open(5000);
	await deep.jump(2500, 2500);
	expect([deep.rows[0], deep.top, deep.first]).toEqual([2500, false, 2500]);
	await deep.up();
	await deep.down();
	expect([deep.rows[0], deep.rows.at(-1)]).toEqual([2400, 2699]);
});

test('a read that fails says so and can be tried again; one of a window that was left changes nothing', async () => {
	let fail = true;
	const read = source(1000);
	const deep = new Deep<number>(
		(place) => (fail ? Promise.reject(new Error('The search took longer than 5 s.')) : read(place)),
		await read({})
	);
	await deep.down();
	expect([deep.failed, deep.loading, deep.rows.length]).toEqual(['The search took longer than 5 s.', null, 100]);
	fail = false;
	const late = deep.down();
	deep.reset(await read({}));
	await late;
	expect([deep.failed, deep.loading, deep.rows.length]).toEqual(['', null, 100]);
});
