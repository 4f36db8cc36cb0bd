import { parse, CsvError } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import type { Command } from 'commander';
import { readFile } from 'node:fs/promises';
import { invalid } from '$lib/core/error';
import { steps, Watch, type Judged } from '$lib/server/analysis/usual/watch';

/** A line of the table, and what is said of it: null where nothing can be. */
export type Row = { timestamp: string; value: string } & { [K in keyof Judged]: number | null };
export type Detected = { rows: Row[]; notes: string[]; wrong: number };

/** Notes of one kind that are printed one by one; the rest are counted. */
const SHOWN = 10;
/** Rows that may stand before the one above them, as where a clock was set back; more is a table that is not sorted. */
const UNSORTED = 0.01;
const NOTHING = /^(|na|n\/a|nan|null|none|-)$/i;

/** `detect`: judges a series in a file, value by value, from what came before each. */
export function register(program: Command, { file }: { file(name: string): string }): void {
	program
		.command('detect')
		.description('judge a series of counts or measurements: each value from those before it alone')
		.requiredOption('--series <file>', 'a CSV table with the columns timestamp and value, the oldest first')
		.option('--json', 'print one JSON object: { rows, notes, wrong }')
		.action(async (o: { series: string; json?: boolean }) => {
			const text = await readFile(file(o.series), 'utf8').catch(() => {
				throw invalid(`${o.series} cannot be read.`);
			});
			const result = detect(text);
			for (const note of result.notes) console.error(note);
			if (result.wrong) process.exitCode = 1;
			const out = o.json ? `${JSON.stringify(result)}\n` : table(result.rows);
			await new Promise<void>((done) => process.stdout.write(out, () => done()));
		});
}

export const table = (rows: Row[]): string =>
	stringify(rows, { header: true, columns: ['timestamp', 'value', 'expected', 'low', 'high', 'score'] });

/**
 * Judges a table. What is no time or no number is noted with its line and judged as missing; the rest is not lost.
 * @throws Problem `invalid` if it is no such table
 */
export function detect(text: string): Detected {
	const notes = new Notes();
	const lines = read(text);
	const times = lines.map(({ timestamp, line }) => {
		const at = time(timestamp);
		if (at === null)
			notes.add('time', `line ${line}: "${cut(timestamp)}" is no time that is known, such as 2026-11-01T12:00:00Z.`);
		return at;
	});
	sorted(times, lines);
	const judge = new Judge();
	const rows = lines.map(({ timestamp, value, line }, i): Row => {
		const said = { timestamp, value, expected: null, low: null, high: null, score: null };
		const at = times[i]!;
		if (at === null) return said;
		let number = NaN;
		if (!NOTHING.test(value.trim())) {
			number = Number(value);
			if (!Number.isFinite(number)) {
				notes.add('value', `line ${line}: "${cut(value)}" is no number; taken for missing.`);
				number = NaN;
			}
		}
		const place = judge.place(at);
		if (place === 'same') notes.add(place, `line ${line}: the same time as a line before; judged, not learned from.`);
		if (place === 'before') notes.add(place, `line ${line}: before the line above it; judged, not learned from.`);
		const judged = judge.next(at, number);
		return judged ? { timestamp, value, ...rounded(judged) } : { ...said, score: Number.isNaN(number) ? null : 0 };
	});
	return { rows, notes: notes.list(), wrong: notes.count('time') + notes.count('value') };
}

type Line = { line: number; timestamp: string; value: string };

function read(text: string): Line[] {
	let records: { record: string[]; info: { lines: number } }[];
	const first = text.slice(0, text.search(/[\r\n]|$/));
	const delimiter = [',', ';', '\t'].find((d) => first.includes(d)) ?? ',';
	try {
		records = parse(text, {
			info: true,
			bom: true,
			delimiter,
			relax_column_count: true,
			skip_empty_lines: true
		}) as unknown as typeof records;
	} catch (e) {
		if (e instanceof CsvError)
			throw invalid(`line ${Number(e.lines ?? 1)}: from here on this is no CSV: ${e.message}.`);
		throw e;
	}
	const names = records.shift()?.record.map((cell) => cell.trim().toLowerCase()) ?? [];
	const at = names.indexOf('timestamp');
	const of = names.indexOf('value');
	if (at < 0 || of < 0)
		throw invalid(
			`line 1: the first line names the columns, among them timestamp and value; here it is "${cut(names.join(','))}".`
		);
	return records.map(({ record, info }) => ({
		line: info.lines,
		timestamp: record[at] ?? '',
		value: record[of] ?? ''
	}));
}

/** Epoch seconds of ISO 8601 (without a zone: UTC) or of a number of seconds or milliseconds. */
export function time(text: string): number | null {
	const t = text.trim();
	if (/^-?\d+(\.\d+)?$/.test(t) && !/^\d{4}$|^(19|20)\d{6}$/.test(t)) {
		const n = Number(t);
		return Math.abs(n) < 1e11 ? n : Math.abs(n) < 1e14 ? n / 1000 : null;
	}
	const iso =
		/^(\d{4})-?(\d\d)-?(\d\d)(?:[T ](\d\d):?(\d\d)(?::?(\d\d)(?:[.,](\d+))?)?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?$/i.exec(t);
	if (!iso) return null;
	const [, y, m, d, h = '00', min = '00', s = '00', fraction = '0', zone = 'Z'] = iso;
	const offset = /^z$/i.test(zone) ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(3).replace(':', '') || '00'}`;
	const ms = Date.parse(`${y}-${m}-${d}T${h}:${min}:${s}.${fraction.slice(0, 3).padEnd(3, '0')}${offset}`);
	return Number.isNaN(ms) ? null : ms / 1000;
}

/** @throws Problem where so many rows go back in time that nothing can be judged from what came before */
function sorted(times: (number | null)[], lines: Line[]): void {
	let last = -Infinity;
	let back = 0;
	let first = -1;
	times.forEach((at, i) => {
		if (at === null) return;
		if (at < last) {
			back++;
			if (first < 0) first = i;
		} else last = at;
	});
	if (back > Math.max(3, UNSORTED * times.length))
		throw invalid(
			`line ${lines[first]!.line}: "${cut(lines[first]!.timestamp)}" is before the line above it, and so are ${back - 1} more; sort the table by time, the oldest first.`
		);
}

/** Finds the step of a series as it comes, and judges by it. */
class Judge {
	readonly #past: [number, number][] = [];
	#watch: Watch | null = null;
	#step = 0;
	#last = -Infinity;
	#lastPlace = -1;
	#crowded = 0;

	/** Where a time lies against those before. */
	place(at: number): 'after' | 'same' | 'before' {
		return at > this.#last ? 'after' : at === this.#last ? 'same' : 'before';
	}

	next(at: number, value: number): Judged | null {
		const later = at > this.#last;
		if (later && this.#settle()) this.#replay();
		let judged: Judged | null = null;
		if (this.#watch) {
			const place = this.#of(at);
			const fresh = later && place > this.#lastPlace;
			judged = place < 0 ? null : this.#watch.next(place, value, fresh);
			if (fresh) this.#lastPlace = place;
			else if (later) this.#crowded++;
		}
		if (later) {
			this.#past.push([at, value]);
			this.#last = at;
		}
		return judged;
	}

	#of(at: number): number {
		return Math.round((at - this.#past[0]![0]) / this.#step);
	}

	/** Whether the step, as the times so far show it, is another than was thought. */
	#settle(): boolean {
		const n = this.#past.length;
		// Anew while little is known, and where times lie closer than the step.
		if (n < 1 || (n > 12 && this.#crowded < 5)) return false;
		this.#crowded = 0;
		const step = steps(this.#past.slice(-12).map(([at]) => at));
		if (step === this.#step) return false;
		this.#step = step;
		return true;
	}

	#replay(): void {
		this.#watch = new Watch(this.#past[0]![0], this.#step);
		this.#lastPlace = -1;
		for (const [at, value] of this.#past) {
			const place = this.#of(at);
			if (place <= this.#lastPlace) continue;
			this.#watch.next(place, value);
			this.#lastPlace = place;
		}
	}
}

class Notes {
	readonly #all = new Map<string, string[]>();
	add(kind: string, note: string): void {
		const list = this.#all.get(kind);
		if (list) list.push(note);
		else this.#all.set(kind, [note]);
	}
	count(kind: string): number {
		return this.#all.get(kind)?.length ?? 0;
	}
	list(): string[] {
		return [...this.#all.values()].flatMap((list) =>
			list.length > SHOWN ? [...list.slice(0, SHOWN), `… and ${list.length - SHOWN} more like this`] : list
		);
	}
}

const digits = (n: number): number => Number(n.toPrecision(7));
function rounded({ expected, low, high, score }: Judged): { [K in keyof Judged]: number | null } {
	return {
		expected: digits(expected),
		low: digits(low),
		high: digits(high),
		score: Number.isNaN(score) ? null : Math.round(score * 1000) / 1000
	};
}

const cut = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);
