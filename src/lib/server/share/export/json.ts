import { label } from '$lib/core/tlp';
import type { Observation } from '../../store/observation';
import { cutAt, head, iso, type About, type End, type Writer } from './about';

/** An observation as it is given on: with its TLP, what it was classified as and where it was placed, and the record as it came. */
function one(o: Observation, exercise: boolean): string {
	const { raw, observed, tlp, ...rest } = o;
	return JSON.stringify({
		tlp: label(tlp),
		...(exercise ? { exercise } : {}),
		observed: iso(observed),
		...rest,
		record: record(raw)
	});
}

/** The record as JSON, or as text when it is none. */
function record(raw: string): unknown {
	try {
		return JSON.parse(raw);
	} catch {
		return raw;
	}
}

const tail = ({ rows, cut }: End, most: number) => ({ rows, cut, ...(cut ? { note: cutAt(most) } : {}) });

/** JSON lines: a head, one line an observation, and a last line that says how many, and whether that is all. */
export function lines(): Writer {
	let about: About;
	return {
		type: 'application/x-ndjson',
		extension: 'jsonl',
		begin: (a) => JSON.stringify(head((about = a))) + '\n',
		page: (all) => all.map((o) => one(o, about.exercise) + '\n').join(''),
		end: (end) => JSON.stringify({ end: true, ...tail(end, about.most) }) + '\n'
	};
}

/** One object: the members of the head, `observations`, `rows` and `cut`. */
export function json(): Writer {
	let about: About;
	let first = true;
	return {
		type: 'application/json',
		extension: 'json',
		begin: (a) => JSON.stringify(head((about = a))).slice(0, -1) + ',"observations":[',
		page: (all) => all.map((o) => (first ? ((first = false), '\n') : ',\n') + one(o, about.exercise)).join(''),
		end: (end) => '\n],' + JSON.stringify(tail(end, about.most)).slice(1) + '\n'
	};
}
