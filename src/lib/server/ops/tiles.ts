import { open as openFile, type FileHandle } from 'node:fs/promises';
import { PMTiles, TileType, type RangeResponse, type Source } from 'pmtiles';
import { Problem } from '$lib/core/error';
import type { Config } from './config';

/** Raster tiles of the operator's, from one PMTiles file; `attribution` is what it says of itself, as text. */
export type Tiles = {
	min: number;
	max: number;
	attribution: string;
	/** media type of each tile */
	type: string;
	/** undefined: the file has no such tile. @throws RangeError for numbers that name no tile */
	tile(z: number, x: number, y: number): Promise<Uint8Array | undefined>;
	close(): Promise<void>;
};

/** What a browser can draw as an image. */
const TYPES = new Map<TileType, string>([
	[TileType.Png, 'image/png'],
	[TileType.Jpeg, 'image/jpeg'],
	[TileType.Webp, 'image/webp'],
	[TileType.Avif, 'image/avif']
]);
/** Bytes: what one directory or tile may have, and letters of an attribution. */
const LARGEST = 16 * 1024 * 1024;
const SAID = 300;

/**
 * Opens the file of `WATCHFLOOR_TILES`; null when none is set.
 * @throws Problem `configuration` when it cannot be read, is no PMTiles of version 3, or holds no images
 */
export async function open(config: Pick<Config, 'WATCHFLOOR_TILES'>): Promise<Tiles | null> {
	const path = config.WATCHFLOOR_TILES;
	if (!path) return null;
	const wrong = (what: string) => new Problem('configuration', 500, `WATCHFLOOR_TILES ${what}`);
	let file: FileHandle;
	try {
		file = await openFile(path, 'r');
	} catch (e) {
		throw wrong(`cannot be opened: ${said(e)}`);
	}
	try {
		const archive = new PMTiles(new Ranges(file, path));
		const header = await archive.getHeader().catch((e: unknown) => {
			throw wrong(`is no PMTiles file of version 3: ${said(e)}`);
		});
		const type = TYPES.get(header.tileType);
		if (!type)
			throw wrong(
				`holds ${header.tileType === TileType.Mvt ? 'vector tiles (MVT)' : 'tiles of a kind that is not known'}; the map draws images: PNG, JPEG, WebP or AVIF.`
			);
		if (!(header.minZoom >= 0 && header.minZoom <= header.maxZoom && header.maxZoom <= 22))
			throw wrong(`says zoom ${header.minZoom} to ${header.maxZoom}, which is no range.`);
		const about = await archive.getMetadata().catch((e: unknown) => {
			throw wrong(`has metadata that cannot be read: ${said(e)}`);
		});
		return {
			min: header.minZoom,
			max: header.maxZoom,
			attribution: plain((about as { attribution?: unknown } | null)?.attribution),
			type,
			async tile(z, x, y) {
				const side = 2 ** z;
				if (![z, x, y].every(Number.isInteger) || z < 0 || z > 22 || x < 0 || y < 0 || x >= side || y >= side)
					throw new RangeError(`${z}/${x}/${y} is no tile`);
				const found = await archive.getZxy(z, x, y);
				return found && new Uint8Array(found.data);
			},
			close: () => file.close()
		};
	} catch (e) {
		await file.close();
		throw e;
	}
}

/** A file by ranges, as the library reads it. */
class Ranges implements Source {
	constructor(
		readonly file: FileHandle,
		readonly path: string
	) {}

	getKey(): string {
		return this.path;
	}

	async getBytes(offset: number, length: number): Promise<RangeResponse> {
		if (!(offset >= 0 && length >= 0 && length <= LARGEST)) throw new Error(`asks for ${length} bytes at ${offset}`);
		const buffer = new ArrayBuffer(length);
		const { bytesRead } = await this.file.read(new Uint8Array(buffer), 0, length, offset);
		return { data: bytesRead === length ? buffer : buffer.slice(0, bytesRead) };
	}
}

/** A file may say this in HTML: it is shown as text, so what would be markup is left out. */
const plain = (attribution: unknown): string =>
	typeof attribution === 'string'
		? attribution
				.slice(0, 10 * SAID)
				.replace(/<[^>]*>/g, '')
				.replace(/&copy;/g, '©')
				.replace(/&amp;/g, '&')
				.replace(/\s+/g, ' ')
				.trim()
				.slice(0, SAID)
		: '';

const said = (e: unknown): string => (e instanceof Error ? e.message : String(e));
