import { expired } from '$lib/core/level';
import type { Declared } from '$lib/core/picture';
import { LEVELS, type Level } from '$lib/core/severity';
import { label, type Tlp } from '$lib/core/tlp';
import { clean, width, write } from './text';

/** What is printed: ink on white; hues only for what is out of the ordinary. */
export const INK = {
	strong: '#171c20',
	text: '#2b3238',
	quiet: '#59656e',
	line: '#c9d1d6',
	edge: '#7d8a93',
	ground: '#e2e8ec',
	amber: '#8f5300',
	vermilion: '#b93a10'
};

/** TLP 2.0 (FIRST): these colours on black. */
const TLP: Record<Tlp, string> = {
	clear: '#ffffff',
	green: '#33ff00',
	amber: '#ffc000',
	'amber+strict': '#ffc000',
	red: '#ff2b2b'
};

/** The TLP mark and, beside it, EXERCISE where it is one; the x after them. */
export function marks(
	doc: PDFKit.PDFDocument,
	{ tlp, exercise }: { tlp: Tlp; exercise: boolean },
	x: number,
	y: number
): number {
	const text = label(tlp);
	const size = 8.5;
	const wide = width(text, 'strong', size) + 10;
	doc.rect(x, y, wide, 15).fill('#000000');
	write(doc, text, x + 5, y + 1.8, { face: 'strong', size, color: TLP[tlp], width: wide });
	if (!exercise) return x + wide;
	const more = width('EXERCISE', 'strong', size) + 10;
	const at = x + wide + 6;
	doc
		.lineWidth(1)
		.rect(at + 0.5, y + 0.5, more - 1, 14)
		.stroke(INK.amber);
	write(doc, 'EXERCISE', at + 5, y + 1.8, { face: 'strong', size, color: INK.amber, width: more });
	return at + more;
}

/** The ladder of the six levels; the steps of one that is over are empty. */
export function ladder(doc: PDFKit.PDFDocument, level: Declared | null, at: number, x: number, y: number): void {
	const step = level ? LEVELS.indexOf(level.level) : -1;
	const over = level !== null && expired(level, at);
	const tone = step >= 4 ? INK.vermilion : step === 3 ? INK.amber : INK.strong;
	for (const [i] of LEVELS.entries()) {
		const tall = 12 + i * 5;
		doc.lineWidth(0.75).rect(x + i * 15, y + 37 - tall, 13, tall);
		if (over || i > step) doc.stroke(over && i <= step ? INK.edge : INK.line);
		else doc.fill(i === step ? tone : INK.edge);
	}
}

/** The shape of a severity, so that colour is never alone. */
export function shape(doc: PDFKit.PDFDocument, level: Level, x: number, y: number): void {
	if (level === 'severe' || level === 'emergency')
		doc.polygon([x + 4, y], [x + 8, y + 8], [x, y + 8]).fill(INK.vermilion);
	else if (level === 'high') doc.polygon([x + 4, y], [x + 8, y + 4], [x + 4, y + 8], [x, y + 4]).fill(INK.amber);
	else doc.circle(x + 4, y + 4, 3).fill(INK.quiet);
}

/** A bar from zero to `max` with a mark where it stood before; hatched when the value is not known. */
export function bar(
	doc: PDFKit.PDFDocument,
	{ value, before, max, color }: { value: number | null; before: number | null; max: number; color: string },
	x: number,
	y: number,
	wide: number
): void {
	const share = (n: number) => (max > 0 ? Math.min(1, Math.max(0, n / max)) : 0) * wide;
	if (value === null) {
		doc.save().rect(x, y, wide, 6).clip();
		for (let i = -6; i < wide; i += 3) doc.moveTo(x + i, y + 6).lineTo(x + i + 6, y);
		doc.lineWidth(0.75).stroke(INK.edge).restore();
	} else {
		doc.rect(x, y, wide, 6).fill(INK.ground);
		doc.rect(x, y, share(value), 6).fill(color);
		if (before !== null) doc.rect(x + share(before) - 0.6, y - 2, 1.2, 10).fill(INK.strong);
	}
}

/** A heading with its note beside it; the y below. */
export function heading(
	doc: PDFKit.PDFDocument,
	title: string,
	note: string,
	x: number,
	y: number,
	wide: number
): number {
	write(doc, title, x, y, { face: 'strong', size: 9.5, color: INK.strong, width: wide });
	const used = width(clean(title), 'strong', 9.5) + 6;
	write(doc, note, x + used, y + 2.2, { size: 7, color: INK.quiet, width: Math.max(10, wide - used) });
	return rule(doc, x, y + 15, wide);
}

export function rule(doc: PDFKit.PDFDocument, x: number, y: number, wide: number): number {
	doc
		.moveTo(x, y)
		.lineTo(x + wide, y)
		.lineWidth(0.5)
		.stroke(INK.line);
	return y + 3;
}
