import { label, type Tlp } from '$lib/core/tlp';
import { full } from '$lib/core/clock';

/** What stands below a saved chart, so that it may be passed on: its marking, whether it is an exercise, what it shows. */
export type Foot = { tlp: Tlp; exercise: boolean; words: string; window: string };

/** The lines below a saved chart. `made`: epoch seconds. */
export const lines = (foot: Foot, made: number): string[] => [
	[label(foot.tlp), ...(foot.exercise ? ['EXERCISE'] : []), foot.words].join(' · '),
	`${foot.window} · made ${full(made)} by Watchfloor`
];

/** A text in lines of so many characters at the most, between words where that is possible. */
export function wrap(text: string, most: number): string[] {
	const out: string[] = [];
	let line = '';
	for (const word of text.split(/\s+/).filter(Boolean)) {
		if (line && line.length + 1 + word.length > most) {
			out.push(line);
			line = '';
		}
		line = line ? `${line} ${word}` : word;
		while (line.length > most) {
			out.push(line.slice(0, most));
			line = line.slice(most);
		}
	}
	return line ? [...out, line] : out;
}

/** A text without the characters that XML cannot hold. */
export const legal = (text: string): string =>
	// eslint-disable-next-line no-control-regex -- those are the ones
	text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '').toWellFormed();

/** A file name from words. */
export const slug = (words: string): string =>
	words
		.toLowerCase()
		.replace(/[^a-z0-9]+/g, '-')
		.replace(/^-|-$/g, '')
		.slice(0, 80) || 'chart';

const SVG = 'http://www.w3.org/2000/svg';
const PAINT = [
	'fill',
	'fill-opacity',
	'stroke',
	'stroke-width',
	'stroke-dasharray',
	'stroke-opacity',
	'stroke-linejoin',
	'stroke-linecap',
	'paint-order',
	'opacity',
	'vector-effect',
	'font-size',
	'font-weight',
	'text-anchor',
	'dominant-baseline',
	'letter-spacing'
];
const NOTHING = 'rgba(0, 0, 0, 0)';

type Drawn = { svg: SVGSVGElement; width: number; height: number };

/**
 * What is seen of an element of the page, as one SVG that needs nothing else: drawings with their computed styles,
 * boxes as rectangles, texts as texts, and the lines of the footer below. Texts stay texts.
 */
export function draw(root: Element, below: string[]): Drawn {
	const frame = root.getBoundingClientRect();
	const page = getComputedStyle(document.body);
	const pad = 16;
	const width = Math.ceil(frame.width) + 2 * pad;
	const foot = below.flatMap((line) => wrap(line, Math.max(20, Math.floor((width - 2 * pad) / 6.5))));
	const height = Math.ceil(frame.height) + 2 * pad + foot.length * 16 + 8;
	const svg = make('svg', { width, height, viewBox: `0 0 ${width} ${height}`, 'font-family': 'Inter, sans-serif' });
	svg.append(make('rect', { width, height, fill: page.backgroundColor }));
	const body = make('g', { transform: `translate(${pad - frame.left} ${pad - frame.top})` });
	svg.append(body);
	paint(root, body);
	foot.forEach((line, i) => {
		const text = make('text', {
			x: pad,
			y: Math.ceil(frame.height) + pad + 24 + i * 16,
			fill: page.color,
			'font-size': 12
		});
		text.textContent = legal(line);
		svg.append(text);
	});
	return { svg: svg as SVGSVGElement, width, height };
}

function paint(el: Element, into: Element): void {
	const style = getComputedStyle(el);
	if (style.display === 'none' || style.visibility === 'hidden' || style.opacity === '0') return;
	// for screen readers only
	if (style.clipPath === 'inset(50%)' || el.hasAttribute('data-unsaved')) return;
	const box = el.getBoundingClientRect();
	if (el instanceof SVGSVGElement) {
		const copy = el.cloneNode(true) as SVGSVGElement;
		inline(el, copy);
		for (const [name, value] of Object.entries({ x: box.left, y: box.top, width: box.width, height: box.height }))
			copy.setAttribute(name, String(value));
		into.append(copy);
		return;
	}
	const hatched = style.backgroundImage.includes('gradient');
	if ((style.backgroundColor !== NOTHING || hatched) && box.width && box.height)
		into.append(
			make('rect', {
				x: box.left,
				y: box.top,
				width: box.width,
				height: box.height,
				fill: hatched ? '#99a3aa' : style.backgroundColor,
				...(hatched ? { 'fill-opacity': 0.35 } : {})
			})
		);
	for (const [side, x1, y1, x2, y2] of [
		['Top', box.left, box.top, box.right, box.top],
		['Bottom', box.left, box.bottom, box.right, box.bottom]
	] as const) {
		const size = parseFloat(style[`border${side}Width`]);
		if (size > 0)
			into.append(make('line', { x1, y1, x2, y2, stroke: style[`border${side}Color`], 'stroke-width': size }));
	}
	for (const node of el.childNodes) {
		if (node instanceof Element) paint(node, into);
		else if (node instanceof Text && node.data.trim()) write(node, style, into);
	}
}

function write(node: Text, style: CSSStyleDeclaration, into: Element): void {
	const range = document.createRange();
	range.selectNodeContents(node);
	const at = range.getClientRects()[0];
	if (!at) return;
	const text = make('text', {
		x: at.left,
		y: at.top + at.height / 2,
		fill: style.color,
		'font-size': style.fontSize,
		'font-weight': style.fontWeight,
		'dominant-baseline': 'central'
	});
	text.textContent = legal(node.data.trim());
	into.append(text);
}

/** Writes what the page's style sheets say of a drawing into its copy. */
function inline(from: Element, to: Element): void {
	const style = getComputedStyle(from);
	const own = PAINT.map((name) => `${name}:${style.getPropertyValue(name)}`).join(';');
	to.removeAttribute('class');
	to.setAttribute('style', style.display === 'none' ? 'display:none' : own);
	for (let i = 0; i < from.children.length; i++) inline(from.children[i]!, to.children[i]!);
}

function make(name: string, attributes: Record<string, string | number>): Element {
	const el = document.createElementNS(SVG, name);
	for (const [key, value] of Object.entries(attributes)) el.setAttribute(key, String(value));
	return el;
}

/** An SVG as the text of a file. */
export const file = ({ svg }: Drawn): string =>
	`<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(svg)}`;

/** An SVG as a PNG of twice its size. */
export async function png(drawn: Drawn): Promise<Blob> {
	const image = new Image();
	image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(file(drawn))}`;
	await image.decode();
	const canvas = document.createElement('canvas');
	canvas.width = drawn.width * 2;
	canvas.height = drawn.height * 2;
	canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
	return new Promise((resolve, reject) =>
		canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The picture could not be made.'))), 'image/png')
	);
}

/** Gives the reader a file. */
export function hand(name: string, blob: Blob): void {
	const link = document.createElement('a');
	link.href = URL.createObjectURL(blob);
	link.download = name;
	link.click();
	setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
