import { MINUTE } from '../lib/core/clock';
import { ofRank, rank } from '../lib/core/tlp';
import { spoil } from './broken';
import * as organisation from './organisation';
import { Random } from './random';
import { fill, type Fields } from './record';
import { blend } from './rhythm';
import { SOURCES, type ExerciseSource } from './source';
import { iso } from './time';
import { truth, type Burst, type Campaign, type Outage, type Truth } from './truth';

export { SOURCES, type ExerciseSource } from './source';
export { truth, type Truth } from './truth';
export { incidents, type ExerciseIncident } from './incidents';

/** What a line is, for those who check; the receiver has to find out by itself. */
export type Mark = 'good' | 'late' | 'duplicate' | 'broken';

/** One line of one source; `at` is when it is delivered (epoch seconds with a fraction). */
export type Delivery = { source: string; line: string; at: number; mark: Mark };

export type Options = {
	/** multiplies the volume of everything; 1 is about 33,000 reports a day */
	rate?: number;
	/** the moment shown first: adds the scene around it */
	now?: number;
};

/** Reports a minute of all sources on average at rate 1, bursts and campaigns apart. */
const PER_MINUTE = 22;
/** Parts of all lines. */
const BROKEN = 0.003;
const LATE = 0.006;
const TWICE = 0.004;
/** Chance that a source sends an earlier delivery once more, each time it delivers. */
const RESENT = 0.002;

/**
 * The stream of [from, to) (epoch seconds by time of delivery), in order; `to` may be Infinity. Whatever a source
 * sees in a minute depends on the seed, the source and the minute only: a range gives the same lines as its parts, and
 * what is streamed live is the history continued. Broken lines, duplicates and late reports are among them.
 */
export function* history(seed: number, from: number, to: number, { rate = 1, now }: Options = {}): Generator<Delivery> {
	let known: Truth[] = [];
	let until = -Infinity;
	for (let minute = Math.floor(from / MINUTE); minute * MINUTE < to; minute++) {
		const start = minute * MINUTE;
		if (start >= until) {
			// A backlog reaches back as far as the outage before it: two days and a bit are enough for all of them.
			until = start + 6 * 3600;
			known = truth(seed, start - 3 * 86_400, until, now);
		}
		const found: Delivery[] = [];
		for (const source of SOURCES) deliver(found, seed, source, minute, rate, known);
		found.sort((a, b) => a.at - b.at);
		for (const item of found) if (item.at >= from && item.at < to) yield item;
	}
}

const silent = (o: Outage, minute: number) => minute * MINUTE >= o.from && minute * MINUTE < o.to;

/** Adds what `source` delivers in `minute`. */
function deliver(
	found: Delivery[],
	seed: number,
	source: ExerciseSource,
	minute: number,
	rate: number,
	known: Truth[]
): void {
	const { slug, every } = source;
	if (minute % every !== 0) return;
	const outages = known.filter((t): t is Outage => t.kind === 'outage' && t.source === slug);
	if (outages.some((o) => silent(o, minute))) return;
	const random = new Random(seed, `deliver/${slug}`, minute);
	const start = minute * MINUTE;

	// As it happens, a report arrives a few seconds after it was seen; else all arrive together, a little into the minute.
	if (every === 1) {
		for (const o of outages)
			if (o.backlog && silent(o, minute - 1))
				for (let m = Math.ceil(o.from / MINUTE); m < minute; m++) see(found, seed, source, m, rate, known, start + 1);
		see(found, seed, source, minute, rate, known);
		if (random.chance(RESENT) && !outages.some((o) => silent(o, minute - 2)))
			again(found, start + 52, (old) => see(old, seed, source, minute - 2, rate, known));
		return;
	}
	let first = minute - every;
	const last = outages.find((o) => silent(o, first));
	if (last?.backlog) while (silent(last, first)) first -= every;
	else if (last) first = minute;
	const arrival = start + 3 + random.next() * 20;
	for (let m = first; m < minute; m++) see(found, seed, source, m, rate, known, arrival);
	if (!last && random.chance(RESENT * every))
		again(found, arrival + 15, (old) => {
			for (let m = minute - every; m < minute; m++) see(old, seed, source, m, rate, known, arrival);
		});
}

/** Adds what `make` makes, once more, as duplicates that arrive at `at`. */
function again(found: Delivery[], at: number, make: (old: Delivery[]) => void): void {
	const old: Delivery[] = [];
	make(old);
	for (const item of old) if (item.mark === 'good') found.push({ ...item, at, mark: 'duplicate' });
}

/** Adds what `source` sees in `minute`, to arrive at `arrival`, or a few seconds after it was seen. */
function see(
	found: Delivery[],
	seed: number,
	source: ExerciseSource,
	minute: number,
	rate: number,
	known: Truth[],
	arrival?: number
): void {
	const start = minute * MINUTE;
	const random = new Random(seed, source.slug, minute);
	const usual = random.count(PER_MINUTE * rate * (source.share / 100) * blend(start, source.human));
	for (let i = 0; i < usual; i++) {
		const sector = random.chance(source.unattributed) ? undefined : source.sectors.draw(random);
		const province = random.chance(source.unlocated) ? undefined : source.provinces.draw(random);
		push(found, source, random, start, arrival, source.types.draw(random), sector, province);
	}
	for (const event of known) {
		if (event.kind === 'outage' || event.from > start || event.to <= start) continue;
		if (event.kind === 'burst') {
			if (event.source === source.slug)
				burst(found, source, event, new Random(seed, event.name, minute), start, rate, arrival);
		} else
			campaign(found, source, event, new Random(seed, `${event.name}/${source.slug}`, minute), start, rate, arrival);
	}
}

function burst(
	found: Delivery[],
	source: ExerciseSource,
	event: Burst,
	random: Random,
	start: number,
	rate: number,
	arrival?: number
): void {
	// Up within the first fifth, then slowly down.
	const done = (start - event.from) / (event.to - event.from);
	const height = done < 0.2 ? done * 5 : 1 - 0.7 * ((done - 0.2) / 0.8);
	for (let i = random.count(event.perMinute * rate * height); i > 0; i--)
		push(found, source, random, start, arrival, event.type, event.sector, event.province);
}

function campaign(
	found: Delivery[],
	source: ExerciseSource,
	event: Campaign,
	random: Random,
	start: number,
	rate: number,
	arrival?: number
): void {
	for (const target of event.targets) {
		if (target.source !== source.slug) continue;
		for (let i = random.count((event.perMinute * rate) / event.targets.length); i > 0; i--) {
			push(found, source, random, start, arrival, 'infected-system', target.sector, target.province, target.who, {
				'destination.ip': event.address,
				'destination.fqdn': event.domain,
				'destination.port': 8443,
				'malware.name': event.malware,
				'event_description.text': `Beacon to ${event.domain} from ${target.who.name}`,
				'extra.severity': 'high'
			});
		}
	}
}

/** Makes one report and adds it, and what a source may do to it on the way. */
function push(
	found: Delivery[],
	source: ExerciseSource,
	random: Random,
	start: number,
	arrival: number | undefined,
	type: string,
	sector?: string,
	province?: string,
	who?: organisation.Organisation,
	more?: Fields
): void {
	const seen = start + random.next() * 50;
	const at = arrival ?? seen + 0.5 + random.next() * 7;
	const fate = random.next();
	const late = fate < LATE;
	const observed = late ? seen - random.int(3600, 3 * 86_400) : seen;
	const fields: Fields = {
		'time.source': iso(observed),
		'time.observation': iso(observed + 0.5),
		'feed.name': source.name,
		'feed.provider': 'Exercise',
		'classification.type': type
	};
	fill(fields, type, random, who ?? organisation.of(random, sector));
	if (sector !== undefined) fields['extra.sector'] = sector;
	if (province !== undefined) fields['extra.province'] = province;
	if (source.stricter > random.next()) fields['extra.tlp'] = ofRank(rank(source.tlp) + 1);
	if (source.severities) fields['extra.severity'] = source.severities.draw(random);
	if (more) Object.assign(fields, more);
	if (fate > 1 - BROKEN) {
		found.push({ source: source.slug, line: spoil(fields, random, at), at, mark: 'broken' });
		return;
	}
	const line = JSON.stringify(fields);
	found.push({ source: source.slug, line, at, mark: late ? 'late' : 'good' });
	if (fate > 1 - BROKEN - TWICE)
		found.push({ source: source.slug, line, at: arrival ?? Math.min(at + 2, start + 59.5), mark: 'duplicate' });
}
