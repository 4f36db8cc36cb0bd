import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { create } from 'fontkit';

/** Weights on the page. */
export const FACES = ['regular', 'strong'] as const;
export type Face = (typeof FACES)[number];

const WEIGHT: Record<Face, number> = { regular: 400, strong: 600 };
/** Fonts in the order in which a letter is looked for; each has the letters of one part of Unicode. */
const PARTS: [name: string, file: string][] = [
	['latin', 'inter/files/inter-latin'],
	['latin-ext', 'inter/files/inter-latin-ext'],
	['greek', 'inter/files/inter-greek'],
	['cyrillic', 'inter/files/inter-cyrillic'],
	['arabic', 'noto-sans-arabic/files/noto-sans-arabic-arabic']
];
type Font = { name: string; face: Face; data: Buffer; letters: Set<number>; advance(letter: number): number };

let loaded: Promise<Font[]> | undefined;
let fonts: Font[] = [];

/** Reads the fonts once: they come with the product, so nothing is asked of a network. */
export async function load(): Promise<void> {
	const require = createRequire(import.meta.url);
	loaded ??= Promise.all(
		FACES.flatMap((face) =>
			PARTS.map(async ([name, file]) => {
				const data = await readFile(require.resolve(`@fontsource/${file}-${WEIGHT[face]}-normal.woff`));
				const font = create(data);
				if (!('characterSet' in font)) throw new Error(`${file} holds more than one font.`);
				return {
					name: `${name}-${face}`,
					face,
					data,
					letters: new Set(font.characterSet),
					advance: kept((n) => (font.glyphForCodePoint(n).advanceWidth * 1000) / font.unitsPerEm)
				};
			})
		)
	);
	fonts = await loaded;
}

/** Makes the fonts known to a document by their names. */
export const register = (doc: PDFKit.PDFDocument): void => {
	for (const { name, data } of fonts) doc.registerFont(name, data);
};

/** How far a letter leads on, in thousandths of the size. */
export const advance = (face: Face, letter: string): number => {
	const point = letter.codePointAt(0)!;
	return fonts.find((f) => f.face === face && f.letters.has(point))?.advance(point) ?? 0;
};

function kept(work: (n: number) => number): (n: number) => number {
	const known = new Map<number, number>();
	return (n) => {
		let value = known.get(n);
		if (value === undefined) known.set(n, (value = work(n)));
		return value;
	};
}

/** The font that has a letter; undefined: none. */
export const has = (face: Face, letter: string): string | undefined =>
	fonts.find((f) => f.face === face && f.letters.has(letter.codePointAt(0)!))?.name;

/** Whether a font, by its name, has a letter. */
export const knows = (name: string, letter: string): boolean =>
	fonts.find((f) => f.name === name)?.letters.has(letter.codePointAt(0)!) ?? false;
