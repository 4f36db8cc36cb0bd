/** Series with known anomalies, for trials of `detect`: the same seed gives the same series. */
export type Labelled = {
	name: string;
	/** epoch seconds */
	start: number;
	step: number;
	/** NaN: missing */
	values: number[];
	/** 1: unusual; 2: neither (what follows a change, an unannounced holiday) */
	labels: Uint8Array;
	/** what happened, as [kind, from, to) */
	events: [string, number, number][];
};

const HOUR = 3600;
const START = Date.parse('2026-06-01T00:00:00Z') / 1000; // a Monday

export class Random {
	#seed: number;
	constructor(seed: number) {
		this.#seed = Math.imul(seed, 2654435761) | 0;
	}
	next(): number {
		this.#seed = (this.#seed + 0x6d2b79f5) | 0;
		let t = Math.imul(this.#seed ^ (this.#seed >>> 15), 1 | this.#seed);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	}
	between(a: number, b: number): number {
		return a + (b - a) * this.next();
	}
	normal(): number {
		return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
	}
	poisson(mean: number): number {
		if (mean > 60) return Math.max(0, Math.round(mean + Math.sqrt(mean) * this.normal()));
		let n = 0;
		for (let t = -Math.log(1 - this.next()); t < mean; t -= Math.log(1 - this.next())) n++;
		return n;
	}
}

export const KINDS = [
	'plain',
	'burst2',
	'burst3',
	'burst5',
	'burst10',
	'ramp',
	'shift',
	'outage',
	'missing',
	'holiday',
	'drift'
] as const;
export type Kind = (typeof KINDS)[number];

/** Ten weeks of counts per hour with a weekly rhythm; what happens, happens after the third week. */
export function hourly(kind: Kind, rate: number, seed: number, relative = 0.08): Labelled {
	const random = new Random(seed * 31 + rate + kind.length * 7);
	const n = 70 * 24;
	const peak = random.between(9, 15);
	const width = random.between(3, 6);
	const height = random.between(0.5, 2);
	const weekend = random.between(0.4, 0.9);
	const factor = new Float64Array(n).fill(1);
	const labels = new Uint8Array(n);
	const events: Labelled['events'] = [];
	const mark = (from: number, to: number, label: 1 | 2, name: string = kind) => {
		labels.fill(label, from, to);
		if (label === 1) events.push([name, from, Math.min(n, to)]);
	};
	const missing = new Uint8Array(n);
	const times = Number(/^burst(\d+)$/.exec(kind)?.[1] ?? 0);
	if (times)
		for (let day = 22; day < 69; day += Math.floor(random.between(3, 8))) {
			const from = day * 24 + Math.floor(random.between(0, 24));
			const to = Math.min(n, from + Math.ceil(random.between(1, 10)));
			for (let i = from; i < to; i++) factor[i] = times;
			mark(from, to, 1);
		}
	if (kind === 'ramp')
		for (const day of [25, 40, 55]) {
			const from = day * 24 + Math.floor(random.between(0, 24));
			const length = Math.floor(random.between(12, 36));
			for (let i = 0; i < length; i++) factor[from + i] = 1 + (3 * i) / length;
			labels.fill(2, from, from + Math.floor(length / 3));
			mark(from + Math.floor(length / 3), from + length, 1);
		}
	if (kind === 'shift') {
		const from = Math.floor(random.between(30, 45) * 24);
		const times = random.next() < 0.6 ? random.between(1.8, 4) : random.between(0.2, 0.5);
		for (let i = from; i < n; i++) factor[i] = times;
		mark(from, from + 24, 1);
		labels.fill(2, from + 24, from + 7 * 24);
	}
	if (kind === 'outage')
		for (const day of [24, 38, 52]) {
			const from = day * 24 + Math.floor(random.between(0, 24));
			const to = from + Math.floor(random.between(4, 60));
			for (let i = from; i < to; i++) factor[i] = 0;
			if (rate >= 10) mark(from, to, 1);
			else labels.fill(2, from, to);
		}
	if (kind === 'missing')
		for (const day of [24, 38, 52]) {
			const from = day * 24 + Math.floor(random.between(0, 24));
			missing.fill(1, from, from + Math.floor(random.between(4, 60)));
		}
	if (kind === 'holiday')
		for (const day of [26, 45, 60]) {
			for (let i = day * 24; i < (day + 1) * 24; i++) factor[i] = 0.35;
			labels.fill(2, day * 24, (day + 1) * 24);
		}
	const slope = kind === 'drift' ? random.between(-0.07, 0.15) : 0;
	let wander = 0;
	const values: number[] = [];
	for (let i = 0; i < n; i++) {
		const hour = i % 24;
		const day = Math.floor(i / 24) % 7;
		wander = 0.9 * wander + relative * Math.sqrt(1 - 0.81) * random.normal();
		const shape = (0.5 + height * Math.exp(-(((hour - peak) / width) ** 2))) * (day >= 5 ? weekend : 1);
		const mean = rate * shape * factor[i]! * Math.exp(wander) * (1 + (slope * i) / 168);
		values.push(missing[i] ? NaN : random.poisson(Math.max(mean, 0)));
	}
	return { name: `${kind} of ${rate}/h`, start: START, step: HOUR, values, labels, events };
}

/** Two weeks of a machine's metric every five minutes. */
export function metric(seed: number): Labelled {
	const random = new Random(seed * 97 + 5);
	const n = 14 * 288;
	const style = seed % 4; // rhythm of the day, none, batches at fixed hours, bounded percent
	const labels = new Uint8Array(n);
	const events: Labelled['events'] = [];
	const values: number[] = [];
	const level = random.between(20, 60);
	const swing = style === 0 ? random.between(5, 20) : 0;
	const noise = random.between(0.5, 4);
	let ar = 0;
	for (let i = 0; i < n; i++) {
		ar = 0.7 * ar + noise * Math.sqrt(1 - 0.49) * random.normal();
		let v = level + swing * Math.sin((2 * Math.PI * (i % 288)) / 288) + ar;
		if (style === 2 && i % 288 > 30 && i % 288 < 42) v += 25;
		if (random.next() < 0.002) v += noise * random.between(3, 6); // spikes that are nothing
		if (style === 3) v = Math.min(100, Math.max(0, v));
		values.push(v);
	}
	const event = (kind: string, at: number, length: number, change: (v: number, k: number) => number) => {
		for (let k = 0; k < length && at + k < n; k++) values[at + k] = change(values[at + k]!, k);
		labels.fill(1, at, at + length);
		events.push([kind, at, Math.min(n, at + length)]);
	};
	const size = 12 * noise + 0.3 * swing;
	event('spike', Math.floor(random.between(5, 7) * 288), 4, (v) => v + size);
	event('plateau', Math.floor(random.between(8, 9) * 288), 36, (v) => v + size);
	event('dip', Math.floor(random.between(10, 11) * 288), 24, () => 0);
	const at = Math.floor(random.between(11.5, 12) * 288);
	for (let i = at + 72; i < n; i++) values[i]! += size;
	event('shift', at, 72, (v) => v + size);
	labels.fill(2, at + 72, Math.min(n, at + 72 + 2 * 288));
	return {
		name: `metric ${style}`,
		start: START,
		step: 300,
		values: values.map((v) => Math.round(v * 1000) / 1000),
		labels,
		events
	};
}

/** Three years of counts a day, with a week, a year and a trend. */
export function daily(rate: number, seed: number): Labelled {
	const random = new Random(seed * 61 + rate);
	const n = 3 * 365;
	const labels = new Uint8Array(n);
	const events: Labelled['events'] = [];
	const weekend = random.between(0.3, 0.9);
	const factor = new Float64Array(n).fill(1);
	for (let day = 120; day < n - 10; day += Math.floor(random.between(40, 90))) {
		const length = Math.floor(random.between(1, 4));
		const times = [2, 3, 5, 0.1][Math.floor(random.between(0, 4))]!;
		for (let k = 0; k < length; k++) factor[day + k] = times;
		labels.fill(1, day, day + length);
		events.push([`×${times}`, day, day + length]);
	}
	const values: number[] = [];
	let wander = 0;
	for (let i = 0; i < n; i++) {
		wander = 0.7 * wander + 0.06 * random.normal();
		const mean =
			rate *
			(i % 7 >= 5 ? weekend : 1) *
			(1 + 0.25 * Math.sin((2 * Math.PI * i) / 365)) *
			(1 + (0.3 * i) / 365) *
			Math.exp(wander);
		values.push(random.poisson(mean * factor[i]!));
	}
	return { name: `daily of ${rate}`, start: START, step: 24 * HOUR, values, labels, events };
}

/** The first `to` values as the table that `detect` reads. */
export const csv = (s: Labelled, to = s.values.length): string =>
	`timestamp,value\n${s.values
		.slice(0, to)
		.map((v, i) => `${new Date((s.start + i * s.step) * 1000).toISOString()},${Number.isNaN(v) ? '' : v}`)
		.join('\n')}\n`;

export const f1 = ({ precision, recall }: { precision: number; recall: number }) =>
	(2 * precision * recall) / (precision + recall) || 0;

/** How well scores find what is labelled, value by value; `cries` are those of a thousand quiet values. */
export function score(all: Labelled[], judge: (s: Labelled) => number[]) {
	let right = 0;
	let wrong = 0;
	let missed = 0;
	let quiet = 0;
	for (const s of all)
		judge(s).forEach((z, i) => {
			if (s.labels[i] === 2 || Number.isNaN(s.values[i]!)) return;
			const out = Math.abs(z) > 3.5;
			if (out && s.labels[i]) right++;
			else if (out) wrong++;
			else if (s.labels[i]) missed++;
			if (!s.labels[i]) quiet++;
		});
	return { precision: right / (right + wrong) || 0, recall: right / (right + missed), cries: (1000 * wrong) / quiet };
}

/** mean + 3 σ of all that came before, as a score whose edge is 3.5. */
export function threshold(s: Labelled): number[] {
	let n = 0;
	let sum = 0;
	let squares = 0;
	return s.values.map((v) => {
		if (Number.isNaN(v)) return 0;
		const sd = Math.sqrt(Math.max(squares / n - (sum / n) ** 2, 1e-9));
		const z = n > 10 ? (v - sum / n) / sd : 0;
		n++;
		sum += v;
		squares += v * v;
		return (z * 3.5) / 3;
	});
}
