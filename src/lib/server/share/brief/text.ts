import bidi from 'bidi-js';
import { advance, has, knows, type Face } from './font';

/** Characters of a text that are looked at: no line of the page holds more. */
const MOST = 600;
const order = bidi();

/** A piece of a line in one font, as it is drawn from left to right. */
type Piece = { text: string; font: string };

/**
 * Text as it may stand on paper: in one line, without control characters and marks that turn the direction, and not
 * endless. What no font has is written as [?], once for each run of it.
 */
export function clean(text: string): string {
	const plain = text
		.slice(0, 4 * MOST)
		.normalize('NFC')
		.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
		.replace(/[\p{Cf}\p{Mn}\uFE0F]/gu, (c) => (/[\u200C\u200D\p{Mn}]/u.test(c) && has('regular', c) ? c : ''));
	return [...plain.trim()]
		.slice(0, MOST)
		.map((c) => (c.length === 1 && has('regular', c) ? c : '\uFFFD'))
		.join('')
		.replace(/\uFFFD+/g, '[?]');
}

/** A cleaned line in pieces, in the order in which they are seen (Unicode bidirectional algorithm). */
export function pieces(line: string, face: Face): Piece[] {
	if (!line) return [];
	const levels = order.getEmbeddingLevels(line, 'ltr');
	const out: (Piece & { level: number })[] = [];
	for (const i of order.getReorderedIndices(line, levels)) {
		const level = levels.levels[i]! & 1;
		const char = line[i]!;
		const last = out.at(-1);
		// Spaces and marks between letters stay in the font of those, so that words are shaped as a whole.
		const font = last && !/[\p{L}\p{N}]/u.test(char) && knows(last.font, char) ? last.font : has(face, char);
		if (!font) continue;
		const shaped = font.startsWith('arabic');
		if (last?.font === font && last.level === level)
			// A font that shapes its letters wants them in the order of reading, and turns them itself.
			last.text = level && shaped ? char + last.text : last.text + turned(char, level, shaped);
		else out.push({ text: turned(char, level, shaped), font, level });
	}
	return out;
}

/** A bracket that is read from right to left opens to the other side. */
const turned = (char: string, level: number, shaped: boolean): string =>
	level && !shaped ? (order.getMirroredCharacter(char) ?? char) : char;

/** Arabic is shaped as a run; without features the library shapes word by word, and remembers each, which is much faster. */
const how = (font: string): { features?: PDFKit.Mixins.OpenTypeFeatures[] } =>
	font.startsWith('arabic') ? { features: ['kern'] } : {};

/**
 * Width of a cleaned line in points, letter by letter: near enough to cut and to align by, and much faster than to shape
 * a line again for each letter that it loses.
 */
export const width = (line: string, face: Face, size: number): number =>
	([...line].reduce((sum, letter) => sum + advance(face, letter), 0) * size) / 1000;

/** A cleaned line cut to a width, with … where something is missing. */
export function clip(line: string, face: Face, size: number, most: number): string {
	if (width(line, face, size) <= most) return line;
	const letters = [...line];
	let low = 0;
	let high = letters.length;
	while (low < high) {
		const middle = (low + high + 1) >> 1;
		if (width(`${letters.slice(0, middle).join('').trimEnd()}…`, face, size) <= most) low = middle;
		else high = middle - 1;
	}
	return `${letters.slice(0, low).join('').trimEnd()}…`;
}

/** A text in at the most so many lines of a width; the last is cut. */
export function wrap(text: string, face: Face, size: number, most: number, lines: number): string[] {
	const out: string[] = [];
	let line = '';
	const words = clean(text).split(' ');
	for (const [i, word] of words.entries()) {
		const longer = line ? `${line} ${word}` : word;
		if (width(longer, face, size) <= most) line = longer;
		else if (out.length === lines - 1)
			return [...out, clip([line, ...words.slice(i)].join(' ').trim(), face, size, most)];
		else {
			if (line) out.push(line);
			line = width(word, face, size) <= most ? word : clip(word, face, size, most);
		}
	}
	return line ? [...out, line] : out;
}

export type Style = {
	face?: Face;
	size: number;
	color: string;
	align?: 'left' | 'right';
	width: number;
	lines?: number;
};

/** Writes a text, at the most `lines` lines; the y below it. */
export function write(doc: PDFKit.PDFDocument, text: string, x: number, y: number, style: Style): number {
	const { face = 'regular', size, color, align = 'left', lines = 1 } = style;
	const leading = size * 1.3;
	const all = lines === 1 ? [clip(clean(text), face, size, style.width)] : wrap(text, face, size, style.width, lines);
	for (const [i, line] of all.entries()) {
		let at = align === 'right' ? x + style.width - width(line, face, size) : x;
		for (const piece of pieces(line, face)) {
			doc.font(piece.font).fontSize(size).fillColor(color);
			// On one baseline, whatever the font.
			doc.text(piece.text, at, y + i * leading + size, {
				lineBreak: false,
				...how(piece.font),
				baseline: 'alphabetic'
			});
			at += doc.widthOfString(piece.text, how(piece.font));
		}
	}
	return y + all.length * leading;
}
