import type { Special } from '$lib/core/calendar';
import { HOUR } from '$lib/core/clock';
import type { Expected } from '$lib/core/usual';
import { Curve, Sum } from './usual/curve';
import { learn, type Learned } from './usual/learn';
import type { Profile } from './usual/profile';

/** counts per hour, contiguous from `start` (epoch seconds, a whole hour UTC); NaN: missing (source dead, not there yet, holiday) */
export type History = { start: number; counts: Float64Array };

export type Usual = {
	/** weeks of history that were not missing */
	weeks: number;
	/** the count from `from` until before `to` (epoch seconds), from a minute to a few days */
	expected(from: number, to: number): Expected;
};

type Options = {
	/** what is known is what was before this, epoch seconds */
	now: number;
	calendar?: Special[];
	/** the rhythm of what the series is part of: relative rate by hour of the week, mean 1 */
	prior?: Float64Array;
};

/** Hours of a week, and of the past that is learned from. */
export const WEEK = 168;
export const MEMORY = 8 * WEEK;
/** Hours from the epoch (a Thursday, 05:00 in Pakistan) to the Monday 00:00 PKT before it. */
const MONDAY = 3 * 24 + 5;
const DAY = 24;

/** On a holiday neither an ordinary day nor a nearly empty one is unusual. */
const HOLIDAY = { share: 0.65, error: 0.25 };

/** Hour of the week in Pakistan, 0 … 167 from Monday 00:00, with its fraction. */
export const hourOfWeek = (at: number): number => (((at / HOUR + MONDAY) % WEEK) + WEEK) % WEEK;

const FLAT = new Float64Array(WEEK).fill(1);

/** Learns what is usual of a series. The same input gives the same answer. */
export function fit(history: History, { now, calendar = [], prior }: Options): Usual {
	const end = Math.floor(now / HOUR);
	const first = Math.max(history.start / HOUR, end - MEMORY);
	const length = Math.max(0, end - first);
	const counts = new Float64Array(length).fill(NaN);
	const offset = first - history.start / HOUR;
	for (let i = 0; i < length && offset + i < history.counts.length; i++) counts[i] = history.counts[offset + i]!;
	let present = 0;
	for (const c of counts) if (c >= 0) present++;
	let apart: Uint8Array | undefined;
	for (const { from, to, kind } of calendar) {
		if (kind === 'risk') continue;
		const a = Math.max(0, Math.floor(from / HOUR) - first);
		const b = Math.min(length, Math.ceil(to / HOUR) - first);
		if (kind === 'holiday') {
			if (a < b) counts.fill(NaN, a, b);
		} else if (from < now + 7 * DAY * HOUR && to > first * HOUR) {
			apart ??= new Uint8Array(length);
			if (a < b) apart.fill(1, a, b);
		}
	}
	const learned = learn(
		{ counts, slot: hourOfWeek(first * HOUR), slots: WEEK, perDay: DAY, block: DAY, apart },
		prior ?? FLAT,
		!prior
	);
	return new Model(learned, present / WEEK, end * HOUR, calendar);
}

/** The rhythm of what was learned, to hand on as a prior: relative rate by hour of the week, mean 1. */
export function rhythm(usual: Usual): Float64Array {
	return usual instanceof Model ? usual.rhythm : Float64Array.from(FLAT);
}

class Model implements Usual {
	readonly weeks: number;
	readonly rhythm: Float64Array;
	readonly #learned: Learned;
	readonly #ordinary: Curves;
	readonly #apart: Curves | null;
	readonly #since: number;
	readonly #days: Special[];

	constructor(learned: Learned, weeks: number, since: number, calendar: Special[]) {
		this.weeks = weeks;
		this.#learned = learned;
		this.rhythm = learned.rhythm.rate;
		this.#ordinary = new Curves(learned.rhythm);
		this.#apart = learned.apart && new Curves(learned.apart);
		this.#since = since;
		this.#days = calendar.filter((s) => s.kind !== 'risk' && s.to > since - HOUR * DAY);
	}

	expected(from: number, to: number): Expected {
		let curves = this.#ordinary;
		let holiday = 0;
		for (const { from: a, to: b, kind } of this.#days) {
			if (kind === 'holiday') holiday += Math.max(0, Math.min(b, to) - Math.max(a, from)) / (to - from);
			else if (this.#apart && a <= (from + to) / 2 && (from + to) / 2 < b) curves = this.#apart;
		}
		const { level, doubt, spread } = this.#learned;
		const hours = (to - from) / HOUR;
		const a = hourOfWeek(from);
		const b = a + hours;
		let mean = level * Math.max(curves.rate.upTo(b) - curves.rate.upTo(a), 1e-9 * hours);
		const shared = level * (curves.shared.upTo(b) - curves.shared.upTo(a));
		const own = level * level * (curves.own.upTo(b) - curves.own.upTo(a)) * Math.min(hours, 1);
		// A level that was learned a while ago has moved since.
		const drift = to - this.#since > HOUR * DAY ? (0.015 ** 2 * (to - this.#since - HOUR * DAY)) / (HOUR * DAY) : 0;
		let variance =
			spread.phi * mean + (relative(spread.relative, hours) + doubt + drift) * mean * mean + shared * shared + own;
		if (holiday > 0) {
			variance += (HOLIDAY.error * Math.min(holiday, 1) * mean) ** 2;
			mean *= 1 - (1 - HOLIDAY.share) * Math.min(holiday, 1);
		}
		return { mean, variance };
	}
}

/** ρ² between the scales at which it was learned, by the logarithm of the length. */
function relative([one, quarter, block]: [number, number, number], hours: number): number {
	if (hours <= 1) return one;
	if (hours <= 6) return one + (quarter - one) * (Math.log(hours) / Math.log(6));
	if (hours >= 24) return block;
	return quarter + (block - quarter) * (Math.log(hours / 6) / Math.log(4));
}

/** A rhythm and its uncertainty as running sums. */
class Curves {
	readonly rate: Curve;
	readonly shared: Sum;
	readonly own: Sum;

	constructor({ rate, shared, own }: Profile) {
		this.rate = new Curve(rate);
		this.shared = new Sum(rate.map((r, s) => r * Math.sqrt(shared[s]!)));
		this.own = new Sum(rate.map((r, s) => r * r * own[s]!));
	}
}
