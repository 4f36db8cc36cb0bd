import { DAY } from '../lib/core/clock';
import type { Random } from './random';
import { iso } from './time';
import type { Fields } from './record';

/** What goes wrong at real sources: each returns the line that would arrive. `at` is the time of delivery. */
const WAYS: ((fields: Fields, random: Random, at: number) => string)[] = [
	(f, r) => JSON.stringify(f).slice(0, r.int(20, 90)),
	(f) => JSON.stringify(f).replaceAll('"', "'"),
	(f) => JSON.stringify([f]),
	(f) => JSON.stringify({ ...f, 'classification.type': 'strange-behaviour' }),
	(f) => JSON.stringify({ ...f, 'source.ip': '198.51.100.999' }),
	(f) => JSON.stringify({ ...f, 'destination.port': 70_443 }),
	(f, r, at) =>
		JSON.stringify({ ...f, 'time.source': iso(at + r.int(60, 400) * DAY), 'time.observation': iso(at + 401 * DAY) }),
	(f) => JSON.stringify({ ...f, 'time.source': 'yesterday evening', 'time.observation': undefined }),
	(f) => JSON.stringify({ ...f, 'extra.province': 'PK-XX' }),
	(f) => JSON.stringify({ ...f, 'extra.severity': 'frightening' }),
	(f) => JSON.stringify({ ...f, 'extra.tlp': 'TLP:PURPLE' })
];

/** A line that cannot be read as a report, in one of the ways in which real ones cannot. */
export const spoil = (fields: Fields, random: Random, at: number): string => random.of(WAYS)(fields, random, at);
