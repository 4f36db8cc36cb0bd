import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { archive, PIXEL } from '../../../../tests/tiles';
import { open } from './tiles';

const dir = mkdtempSync(join(tmpdir(), 'watchfloor-tiles-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

let serial = 0;
function put(bytes: Uint8Array | string): { WATCHFLOOR_TILES: string } {
	const path = join(dir, `${serial++}.pmtiles`);
	writeFileSync(path, bytes);
	return { WATCHFLOOR_TILES: path };
}

test('without the setting there are no tiles', async () => {
	expect(await open({ WATCHFLOOR_TILES: undefined })).toBeNull();
});

test('a tile is read by its numbers, and one that is not there is not', async () => {
	const tiles = (await open(put(archive())))!;
	expect(tiles).toMatchObject({ min: 0, max: 0, type: 'image/png' });
	expect(Buffer.from((await tiles.tile(0, 0, 0))!)).toEqual(PIXEL);
	expect(await tiles.tile(1, 1, 1)).toBeUndefined();
	await tiles.close();
});

test('numbers that name no tile are refused', async () => {
	const tiles = (await open(put(archive())))!;
	for (const [z, x, y] of [
		[0, 1, 0],
		[-1, 0, 0],
		[30, 0, 0],
		[1, 0.5, 0],
		[1, NaN, 0]
	] as const)
		await expect(tiles.tile(z, x, y)).rejects.toThrow(RangeError);
	await tiles.close();
});

test('what the file says of itself is text, never markup', async () => {
	const said = '<a href="javascript:alert(1)">&copy; Survey</a><img src=x onerror=alert(1)>  &amp; others';
	const tiles = (await open(put(archive({ attribution: said }))))!;
	expect(tiles.attribution).toBe('© Survey & others');
	await tiles.close();
	const odd = (await open(put(archive({ attribution: ['x'] }))))!;
	expect(odd.attribution).toBe('');
	await odd.close();
});

test.each<[string, () => { WATCHFLOOR_TILES: string }, RegExp]>([
	['that is not there', () => ({ WATCHFLOOR_TILES: join(dir, 'none') }), /cannot be opened.*ENOENT/],
	['that is a folder', () => ({ WATCHFLOOR_TILES: dir }), /WATCHFLOOR_TILES/],
	['of text', () => put('not tiles at all'), /no PMTiles file/],
	['that is empty', () => put(''), /no PMTiles file/],
	['of vector tiles', () => put(archive({}, 1)), /vector tiles.*PNG/],
	['whose metadata is broken', () => put(archive('{"attribution"')), /metadata/]
])('a file %s stops the start with the reason', async (_, config, reason) => {
	await expect(open(config())).rejects.toThrow(reason);
});
