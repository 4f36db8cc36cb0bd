import { DAY, HOUR, MINUTE } from '../lib/core/clock';
import { ORGANISATIONS, type Organisation } from './organisation';
import { Random } from './random';
import { SOURCES } from './source';

/** More of one type than usual at one sector of one province. Times are epoch seconds, `perMinute` is at the height. */
export type Burst = {
	kind: 'burst';
	name: string;
	from: number;
	to: number;
	source: string;
	sector: string;
	province: string;
	type: string;
	perMinute: number;
};

/** Where a campaign is seen, and by whom. */
export type Target = { source: string; sector: string; province: string; who: Organisation };

/** The same controller seen from several organisations: what ties the reports together are the shared indicators. */
export type Campaign = {
	kind: 'campaign';
	name: string;
	from: number;
	to: number;
	malware: string;
	address: string;
	domain: string;
	targets: Target[];
	perMinute: number;
};

/** A source that says nothing; with `backlog` it delivers afterwards what it saw meanwhile. */
export type Outage = { kind: 'outage'; name: string; from: number; to: number; source: string; backlog: boolean };

/** What really happened, to be compared with what a screen or an analysis finds. */
export type Truth = Burst | Campaign | Outage;

const BURSTS: [source: string, sector: string, province: string, type: string, perMinute: number][] = [
	['ntcert', 'telecom', 'PK-IS', 'ddos', 5],
	['ntcert', 'telecom', 'PK-SD', 'scanner', 6],
	['fincert', 'banking', 'PK-SD', 'brute-force', 5],
	['fincert', 'banking', 'PK-PB', 'phishing', 3],
	['federal-mail', 'government', 'PK-IS', 'phishing', 4],
	['national-sensors', 'government', 'PK-KP', 'exploit', 3],
	['national-sensors', 'education', 'PK-PB', 'scanner', 6],
	['national-sensors', 'energy', 'PK-BA', 'ids-alert', 3],
	['punjab-cert', 'health', 'PK-PB', 'ids-alert', 3],
	['cii-ot', 'energy', 'PK-PB', 'ids-alert', 3],
	['honeynet', 'it', 'PK-SD', 'brute-force', 5]
];

const MALWARE = ['paper-lantern', 'grey-heron', 'tin-drum', 'mock-loader'];

/** A campaign at three or four banks and a telecom operator, sometimes also in government or energy. */
function campaign(random: Random, name: string, from: number, to: number, wide: boolean): Campaign {
	const banks = ORGANISATIONS.banking!.slice(0, random.int(3, 4));
	const homes = ['PK-SD', 'PK-SD', 'PK-PB', 'PK-IS'];
	const targets: Target[] = banks.map((who, i) => ({ source: 'fincert', sector: 'banking', province: homes[i]!, who }));
	targets.push({ source: 'ntcert', sector: 'telecom', province: 'PK-IS', who: random.of(ORGANISATIONS.telecom!) });
	if (wide)
		targets.push({
			source: 'national-sensors',
			sector: 'government',
			province: 'PK-IS',
			who: random.of(ORGANISATIONS.government!)
		});
	if (random.chance(0.4))
		targets.push({
			source: 'national-sensors',
			sector: 'energy',
			province: 'PK-PB',
			who: random.of(ORGANISATIONS.energy!)
		});
	const malware = random.of(MALWARE);
	return {
		kind: 'campaign',
		name,
		from,
		to,
		malware,
		address: `192.0.2.${random.int(2, 250)}`,
		domain: `cdn-${random.int(10, 99)}.${malware}.invalid`,
		targets,
		perMinute: 1.2
	};
}

/** What begins on one day (UTC, as a number of days since 1970). At most two days long. */
function begins(seed: number, day: number): Truth[] {
	const random = new Random(seed, 'truth', day);
	const start = day * DAY;
	const found: Truth[] = [];
	for (let i = random.count(1.4); i > 0; i--) {
		const [source, sector, province, type, perMinute] = random.of(BURSTS);
		const from = start + random.int(0, 1439) * MINUTE;
		found.push({
			kind: 'burst',
			name: `burst-${day}-${i}`,
			from,
			to: from + random.int(25, 150) * MINUTE,
			source,
			sector,
			province,
			type,
			perMinute: perMinute * (0.6 + 0.8 * random.next())
		});
	}
	if (random.chance(0.3)) {
		const from = start + random.int(0, 23) * HOUR;
		found.push(campaign(random, `campaign-${day}`, from, from + random.int(5, 30) * HOUR, random.chance(0.5)));
	}
	for (const { slug, every } of SOURCES) {
		if (!random.chance(0.02)) continue;
		const from = start + random.int(0, 1439) * MINUTE;
		found.push({
			kind: 'outage',
			name: `outage-${slug}-${day}`,
			from,
			to: from + (random.int(20, 140) + 2 * every) * MINUTE,
			source: slug,
			backlog: random.chance(0.6)
		});
	}
	return found;
}

/**
 * What stands around the moment at which an exercise is shown, so that its first picture has a story: a campaign at
 * banks and a telecom operator, a flood, a dead source and one that is late and comes back with a backlog.
 */
export function scene(seed: number, now: number): Truth[] {
	const random = new Random(seed, 'scene');
	const minute = Math.floor(now / MINUTE) * MINUTE;
	return [
		{ ...campaign(random, 'scene-campaign', minute - 5 * HOUR, minute + 4 * HOUR, true), perMinute: 1.8 },
		{
			kind: 'burst',
			name: 'scene-flood',
			from: minute - 100 * MINUTE,
			to: minute + 50 * MINUTE,
			source: 'ntcert',
			sector: 'telecom',
			province: 'PK-IS',
			type: 'ddos',
			perMinute: 6
		},
		{
			kind: 'outage',
			name: 'scene-dead',
			from: minute - 3 * HOUR - 12 * MINUTE,
			to: Infinity,
			source: 'sensors-gb',
			backlog: false
		},
		{
			kind: 'outage',
			name: 'scene-late',
			from: minute - 3 * HOUR - 4 * MINUTE,
			to: minute + 2 * HOUR,
			source: 'wasa-water',
			backlog: true
		}
	];
}

/**
 * The bursts, campaigns and outages that touch [from, to) (epoch seconds), in the order in which they begin; with
 * `now` also the scene around that moment.
 */
export function truth(seed: number, from: number, to: number, now?: number): Truth[] {
	const found = now === undefined ? [] : scene(seed, now);
	for (let day = Math.floor(from / DAY) - 2; day * DAY < to; day++) found.push(...begins(seed, day));
	return found.filter((t) => t.from < to && t.to > from).sort((a, b) => a.from - b.from || (a.name < b.name ? -1 : 1));
}

/**
 * One of them as a line of `truth.jsonl`: times in ISO 8601, an end that is not known is null; `perMinute` is what is
 * played at this rate, at the height and over all targets.
 */
export function line({ from, to, ...t }: Truth, rate: number): string {
	const at = (s: number) => (Number.isFinite(s) ? new Date(s * 1000).toISOString() : null);
	const { kind, name, ...rest } = t;
	const scaled = 'perMinute' in rest ? { ...rest, perMinute: Math.round(rest.perMinute * rate * 100) / 100 } : rest;
	const targets =
		'targets' in rest
			? { targets: rest.targets.map(({ who, ...target }) => ({ ...target, organisation: who.name })) }
			: {};
	return JSON.stringify({ kind, name, from: at(from), to: at(to), ...scaled, ...targets });
}
