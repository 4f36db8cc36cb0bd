import type { Priority, Saying } from '$lib/core/alarm';
import type { Params } from '$lib/core/alarm/params';
import { day, HOUR, MINUTE, pkt } from '$lib/core/clock';
import { ALL } from '$lib/core/judgement';
import * as memory from '../../store/alarm/state';
import type { Condition } from '../../store/alarm/watch';
import { surges, type Facts, type Params as Thresholds, type Surge } from '../surge';
import type { Find } from './look';
import { count, plural, type Words } from './words';

/** Where what the detection of a rule remembers is kept. */
const place = (slug: string): string => `rule ${slug}`;

/** Series that have far more reports than usual; what `surge.ts` remembers of them outlives a restart. */
export const surge: Find<'surge'> = async ({ context: { client, judge, now }, rule, words }) => {
	const last = await memory.read<Surge[]>(client.sql, place(rule.slug));
	const found = surges(judge, now, thresholds(rule.params), Array.isArray(last) ? last : []);
	// Kept before the alarms are: found once more after a break-off, it has the same name, and is the same alarm.
	await memory.write(client.sql, place(rule.slug), found.state);
	return [...found.kept, ...found.raised].flatMap((s) => condition(s, rule.params, words) ?? []);
};

/** What the detection is told of a rule's thresholds. */
export const thresholds = (p: Params['surge']): Thresholds => ({
	sigma: p.sigma,
	risk: p.risk,
	count: p.count,
	ratio: p.ratio,
	end: p.ends,
	hold: p.hold * MINUTE
});

/** A surge as an alarm; undefined when nothing is said of it to anybody. */
export function condition(s: Surge, params: Params['surge'], words: Words): Condition | undefined {
	if (!s.facts.length) return undefined;
	const sector = s.sector === ALL ? null : s.sector;
	const province = s.province === ALL ? null : s.province;
	return {
		key: `${s.province}|${s.sector}|${s.cls}${s.late ? '|late' : ''}`,
		sector,
		province,
		source: null,
		href:
			sector && words.knows.sector(sector)
				? `/sectors/${sector}`
				: province && words.knows.province(province)
					? `/provinces/${province}`
					: '/posture',
		said: s.facts.map((f) => saying(s, f, params, words))
	};
}

function saying(s: Surge, f: Facts, params: Params['surge'], words: Words): Saying {
	const where = words.where(s.sector === ALL ? null : s.sector, s.province === ALL ? null : s.province);
	const what = WHAT.get(s.cls) ?? words.class(s.cls);
	const ratio = f.n / f.mean;
	const times =
		f.mean < 0.5 || ratio >= 100
			? 'far more than the usual'
			: ratio >= 1.95
				? `${count(ratio)} times the usual`
				: 'well above the usual';
	const usual =
		f.high === 0
			? 'usually none'
			: f.low === f.high
				? `usually ${count(f.high)}`
				: `usually ${count(f.low)} to ${count(f.high)}`;
	return {
		rank: f.rank,
		priority: priority(s.cls, f.peak, params),
		title: `${where}: ${times} ${what}`,
		why: `${plural(f.n, 'report')} ${period(s, f)}, ${usual}.${s.late ? ' A source delivered them late; they are judged by when they were observed.' : ''}`,
		facts: {
			n: f.n,
			expected: round(f.mean),
			low: f.low,
			high: f.high,
			sigma: round(f.sigma),
			peak: round(f.peak),
			window: f.window,
			from: f.from,
			to: f.to,
			class: s.cls === ALL ? null : s.cls
		}
	};
}

/** How urgent it is, by the most that it deviated and by what it is: noise never asks for anybody at once. */
function priority(cls: string, peak: number, { weigh, medium, high }: Params['surge']): Priority {
	if (weigh.includes(cls)) return peak >= high ? 'high' : peak >= medium ? 'medium' : 'low';
	return cls === ALL && peak >= high ? 'medium' : 'low';
}

const period = (s: Surge, f: Facts): string =>
	s.late
		? `between ${pkt(f.from)} and ${pkt(f.to)} on ${day(f.from)}`
		: f.window === HOUR
			? 'in the last hour'
			: f.window < HOUR
				? `in the last ${f.window / MINUTE} minutes`
				: `in the last ${Math.round(f.window / HOUR)} hours`;

/** What reports of a class are, in the words of who is not from the trade. */
const WHAT = new Map([
	[ALL, 'number of reports'],
	['abusive-content', 'spam and abuse'],
	['malicious-code', 'malware'],
	['information-gathering', 'scanning'],
	['intrusion-attempts', 'attempts to break in'],
	['intrusions', 'intrusions'],
	['availability', 'denial of service'],
	['information-content-security', 'exposed or altered data'],
	['fraud', 'fraud and phishing'],
	['vulnerable', 'weak systems'],
	['other', 'reports of no known class']
]);

const round = (x: number): number => Math.round(x * 10) / 10;
