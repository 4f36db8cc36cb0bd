import { day, full, pkt, utc } from '$lib/core/clock';
import type { Brief } from '$lib/core/brief';
import { expired, name } from '$lib/core/level';
import { label } from '$lib/core/tlp';
import { load, register } from './brief/font';
import { INK, ladder, marks, rule } from './brief/mark';
import * as part from './brief/part';
import { clean, write } from './brief/text';

const WIDTH = 595.28;
const HEIGHT = 841.89;
const EDGE = 36;
const INNER = WIDTH - 2 * EDGE;
const LEFT = 286;
const GAP = 20;
const FOOT = HEIGHT - 46;

/**
 * The five answers on one page of A4, as PDF: TLP and time in its head and foot, EXERCISE where it is one. What it holds
 * is what `brief` holds, as text; everything has its room, and what has none is counted. The same brief gives the same
 * bytes.
 */
export async function pdf(brief: Brief): Promise<Uint8Array<ArrayBuffer>> {
	const [{ default: Document }] = await Promise.all([import('pdfkit'), load()]);
	const made = new Date(brief.at * 1000);
	const doc = new Document({
		size: 'A4',
		margin: 0,
		pdfVersion: '1.7',
		lang: 'en',
		displayTitle: true,
		autoFirstPage: false,
		info: {
			Title: `${brief.exercise ? 'EXERCISE · ' : ''}${clean(brief.title)}, ${full(brief.at)}, ${label(brief.tlp)}`,
			Subject: label(brief.tlp),
			Creator: 'Watchfloor',
			Producer: 'Watchfloor',
			CreationDate: made,
			ModDate: made
		}
	});
	const chunks: Buffer[] = [];
	const done = new Promise<void>((resolve, reject) => doc.on('end', resolve).on('error', reject));
	doc.on('data', (chunk: Buffer) => chunks.push(chunk));
	register(doc);
	doc.addPage();
	draw(doc, brief);
	doc.end();
	await done;
	return new Uint8Array(Buffer.concat(chunks));
}

function draw(doc: PDFKit.PDFDocument, brief: Brief): void {
	const time = `${day(brief.at).split(' ')[0]} ${full(brief.at)} · ${utc(brief.at)} UTC`;
	marks(doc, brief, EDGE, 30);
	write(doc, time, EDGE, 31, { size: 8.5, color: INK.text, align: 'right', width: INNER });
	write(doc, brief.title, EDGE, 52, { face: 'strong', size: 12, color: INK.strong, width: INNER });
	let y = stands(doc, brief, rule(doc, EDGE, 71, INNER) + 7);
	y = rule(doc, EDGE, y + 4, INNER) + 6;
	const end = FOOT - 8;
	part.affected(doc, brief, EDGE + LEFT + GAP, y, INNER - LEFT - GAP, end);
	y = part.changed(doc, brief, EDGE, y, LEFT, end);
	y = part.doing(doc, brief, EDGE, y + 9, LEFT, end);
	part.decide(doc, brief, EDGE, y + 9, LEFT, end);
	rule(doc, EDGE, FOOT, INNER);
	const after = marks(doc, brief, EDGE, FOOT + 6) + 8;
	write(
		doc,
		`Compared with ${brief.when}. A person declares the level; the index is a proposed formula.`,
		after,
		FOOT + 9,
		{ size: 6.5, color: INK.quiet, width: WIDTH - EDGE - after - 158 }
	);
	write(doc, time, EDGE, FOOT + 8, { size: 7.5, color: INK.text, align: 'right', width: INNER });
}

/** The level as a ladder, a number and a word, with the sentence beside it; the y below both. */
function stands(doc: PDFKit.PDFDocument, brief: Brief, y: number): number {
	const { level, at } = brief;
	const when = (s: number) => (day(s) === day(at) ? pkt(s) : `${pkt(s)} ${day(s)}`);
	const over = level !== null && expired(level, at);
	ladder(doc, level, at, EDGE, y);
	const x = EDGE + 102;
	const wide = LEFT - 102;
	let below = write(doc, level ? name(level.level) : 'No level declared', x, y - 4, {
		face: 'strong',
		size: 18,
		color: over ? INK.amber : INK.strong,
		width: wide
	});
	const said = !level
		? 'six steps, baseline to emergency'
		: over
			? `expired ${when(level.until ?? 0)}; nobody has declared another`
			: `declared ${when(level.since)} by ${level.by}${level.until ? `, until ${when(level.until)}` : ''}`;
	below = write(doc, said, x, below, { size: 7.5, color: INK.text, width: wide, lines: 2 });
	below = write(doc, brief.then, x, below, { size: 7.5, color: INK.quiet, width: wide });
	const right = EDGE + LEFT + GAP;
	const room = INNER - LEFT - GAP;
	let beside = write(doc, brief.sentence, right, y - 2, { size: 9.5, color: INK.strong, width: room, lines: 8 });
	if (level)
		beside = write(doc, `${over ? 'Was declared' : 'Declared'} because: ${level.reason}`, right, beside + 2, {
			size: 7.5,
			color: INK.quiet,
			width: room,
			lines: 3
		});
	return Math.max(y + 42, below, beside);
}
