/** An image of one grey pixel. */
export const PIXEL = Buffer.from(
	'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==',
	'base64'
);

/**
 * A PMTiles file (version 3) with one tile, 0/0/0, nothing compressed: header, root directory, metadata, tile.
 * See the specification at github.com/protomaps/PMTiles. `about` is its metadata, or the bytes that stand there.
 */
export function archive(about: Record<string, unknown> | string = {}, type = 2): Buffer {
	// one entry: number of entries, tile id, run length, length, offset + 1
	const root = Buffer.from([1, 0, 1, PIXEL.length, 1]);
	const metadata = Buffer.from(typeof about === 'string' ? about : JSON.stringify(about));
	const header = Buffer.alloc(127);
	header.write('PMTiles');
	header.writeUInt8(3, 7);
	const at = [
		127,
		root.length,
		127 + root.length,
		metadata.length,
		0,
		0,
		127 + root.length + metadata.length,
		PIXEL.length
	];
	for (const [i, n] of [...at, 1, 1, 1].entries()) header.writeBigUInt64LE(BigInt(n), 8 + i * 8);
	// clustered, directories and tiles not compressed, kind of tile, zoom 0 to 0
	for (const [i, n] of [1, 1, 1, type, 0, 0].entries()) header.writeUInt8(n, 96 + i);
	return Buffer.concat([header, root, metadata, PIXEL]);
}
