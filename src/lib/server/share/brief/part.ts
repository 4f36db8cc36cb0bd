import type { Brief, Row } from '$lib/core/brief';
import { bar, heading, INK, rule, shape } from './mark';
import { write } from './text';

/** A part of the page from `y` on, in a column; it says the y below it, which is never more than `end`. */
type Part = (doc: PDFKit.PDFDocument, brief: Brief, x: number, y: number, wide: number, end: number) => number;

const small = { size: 7, color: INK.quiet };
const more = (doc: PDFKit.PDFDocument, n: number, x: number, y: number, wide: number): number =>
	n > 0 ? write(doc, `and ${n.toLocaleString('en-US')} more`, x, y, { ...small, width: wide }) + 2 : y;

export const changed: Part = (doc, brief, x, top, wide) => {
	let y = heading(doc, 'What changed', `since ${brief.when}`, x, top, wide);
	for (const line of brief.changed) {
		write(doc, line.label, x, y, { size: 8.5, color: INK.text, width: wide - 166 });
		write(doc, line.now, x + wide - 164, y - 1, {
			face: 'strong',
			size: 9.5,
			color: line.warn ? INK.amber : INK.strong,
			align: 'right',
			width: 68
		});
		write(doc, line.was, x + wide - 92, y + 1, { ...small, align: 'right', width: 92 });
		if (line.note) write(doc, line.note, x, y + 11, { ...small, width: wide - 96 });
		y = rule(doc, x, y + (line.note ? 22 : 14), wide);
	}
	return y;
};

/** Rows that fit, then how many there are besides. */
const ROWS = 23;

export const affected: Part = (doc, { affected }, x, top, wide, end) => {
	let y = heading(doc, 'Who is affected', affected.note, x, top, wide);
	const fit = Math.min(ROWS, Math.floor((end - y - 40) / 19));
	const draw = (row: Row) => {
		const hue = row.band === 'critical' ? INK.vermilion : row.band === 'strained' ? INK.amber : INK.edge;
		write(doc, row.name, x, y + 1, { size: 8.5, color: INK.text, width: 84 });
		bar(doc, { ...row, max: affected.max, color: hue }, x + 88, y + 4, wide - 88 - 78);
		write(doc, row.value === null ? '–' : row.value.toLocaleString('en-US'), x + wide - 76, y, {
			face: 'strong',
			size: 9.5,
			color: row.band ? hue : INK.strong,
			align: 'right',
			width: affected.max > 100 ? 40 : 22
		});
		const used = affected.max > 100 ? 34 : 52;
		write(doc, row.was, x + wide - used, y + 2, { ...small, align: 'right', width: used });
		y = rule(doc, x, y + 16, wide);
	};
	for (const row of affected.rows.slice(0, fit)) draw(row);
	y = more(doc, affected.rows.length - fit, x, y, wide);
	if (affected.last) draw(affected.last);
	return y;
};

export const doing: Part = (doc, brief, x, top, wide, end) => {
	let y = heading(doc, 'What we are doing', 'severe and high incidents, and their last note', x, top, wide);
	// What waits for a decision has its room first.
	const kept = 60 + 27 * Math.min(6, brief.waiting);
	const fit = Math.max(3, Math.floor((end - kept - y) / 26));
	const shown = brief.doing.slice(0, fit);
	for (const one of shown) {
		shape(doc, one.severity, x, y + 2.5);
		write(doc, one.title, x + 14, y, { face: 'strong', size: 8.5, color: INK.strong, width: wide - 100 });
		write(doc, one.who, x + wide - 80, y + 1, { ...small, align: 'right', width: 80 });
		write(doc, one.text, x + 14, y + 11.5, { ...small, width: wide - 100 });
		write(doc, one.phase, x + wide - 80, y + 11.5, { ...small, align: 'right', width: 80 });
		y = rule(doc, x, y + 23, wide);
	}
	if (!brief.doing.length)
		y = write(doc, 'No severe or high incident is open.', x, y, { size: 8.5, color: INK.quiet, width: wide });
	return more(doc, brief.cases - shown.length, x, y, wide);
};

export const decide: Part = (doc, brief, x, top, wide, end) => {
	const note = brief.waiting ? `${brief.waiting.toLocaleString('en-US')}, the most urgent first` : '';
	let y = heading(doc, 'What needs a decision', note, x, top, wide) + 2;
	const fit = Math.max(1, Math.floor((end - y - 26) / 27));
	const shown = brief.decisions.slice(0, fit);
	for (const one of shown) {
		doc.rect(x, y, 2, 22).fill(INK.amber);
		write(doc, one.what, x + 8, y - 0.5, { face: 'strong', size: 8.5, color: INK.strong, width: wide - 8 });
		write(doc, one.why, x + 8, y + 11.5, { ...small, width: wide - 8 });
		y += 27;
	}
	if (!shown.length)
		y = write(doc, 'Nothing waits for a decision.', x, y, { size: 8.5, color: INK.quiet, width: wide }) + 2;
	y = more(doc, brief.waiting - shown.length, x, y, wide);
	return write(doc, brief.rings, x, y, { size: 7.5, color: INK.text, width: wide });
};
