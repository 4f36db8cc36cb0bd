import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR } from '../clock';
import { SILENT, type Cause, type Contribution, type Index, type Posture } from '../posture';
import { sentence } from './sentence';

// 23 Nov 2026, 14:32 PKT
const now = Date.UTC(2026, 10, 23, 9, 32) / 1000;
const names = new Map([
	['telecom', 'telecom'],
	['banking', 'banking and finance'],
	['water', 'water']
]);
const reason = (cause: Cause, points: number, text: string, more: Partial<Contribution> = {}): Contribution => ({
	key: `${cause}|${text}`,
	cause,
	points,
	text,
	since: now - HOUR,
	href: null,
	...more
});
const index = (contributions: Contribution[], more: Partial<Index> = {}): Index => ({
	value: 100 + contributions.reduce((n, c) => n + c.points, 0),
	band: 'watch',
	since: now,
	unknown: null,
	note: null,
	contributions,
	...more
});
const posture = (sectors: Record<string, Index>, nation: Index | null = index([])): Posture => ({
	version: 1,
	at: now,
	nation,
	sectors: [...names.keys()].map((sector) => ({ sector, ...(sectors[sector] ?? index([])) })),
	withheld: null
});
const say = (p: Posture) => sentence(p, names, now);

const flood = reason('deviation', -14, 'floods and outages at 5 times the usual');
const theft = reason('incident', -26, 'severe incident “Credential theft at four banks”', { href: '/incidents/A' });

const bad = { band: 'critical', value: 36 } as const;
const strained = { band: 'strained', value: 55 } as const;
const dark = (list: Contribution[] = []) =>
	index([reason('staleness', -15, 'silent sources'), ...list], { value: null, band: null, unknown: SILENT });

describe('the sentence on the posture', () => {
	it('says that nothing is unusual only when nothing takes a point', () => {
		expect(say(posture({}))).toBe('Nothing is unusual.');
		expect(say(posture({ water: index([reason('incident', -1, 'low incident “Panel”')]) }))).toBe(
			'No sector is strained or critical.'
		);
	});

	it('names who is bad and because of what, the worst first, and that nothing else is unusual if that is true', () => {
		expect(say(posture({ telecom: index([flood], strained), banking: index([theft], bad) }))).toBe(
			'Banking and finance is critical because of the severe incident “Credential theft at four banks”; telecom is strained because of floods and outages at 5 times the usual since 13:32. Nothing else is unusual.'
		);
	});

	it('says first that nobody is bad, then what weighs most', () => {
		expect(say(posture({ telecom: index([flood]), banking: index([theft]) }))).toBe(
			'No sector is strained or critical. What weighs most is the severe incident “Credential theft at four banks” in banking and finance and floods and outages at 5 times the usual since 13:32 in telecom. Nothing else is unusual.'
		);
	});

	it('counts the bad ones when they are many, and names the worst', () => {
		expect(
			say(posture({ telecom: index([flood], strained), banking: index([theft], bad), water: index([flood], strained) }))
		).toBe(
			'3 of 3 sectors are strained or critical. The worst is banking and finance, because of the severe incident “Credential theft at four banks”.'
		);
	});

	it('does not enumerate: of one bad sector two reasons, and no claim about the rest', () => {
		const text = say(
			posture({
				telecom: index([flood, reason('incident', -9, 'high incident “Leak”'), reason('incident', -5, 'x')], bad),
				water: index([reason('incident', -5, 'medium incident “Panel”')])
			})
		);
		expect(text).toBe(
			'Telecom is critical because of floods and outages at 5 times the usual since 13:32 and the high incident “Leak”.'
		);
	});

	it('takes a case and its being overdue for one thing', () => {
		const late = reason('overdue', -6, 'overdue response to “Credential theft at four banks”', {
			href: '/incidents/A'
		});
		expect(say(posture({ banking: index([theft, late], bad) }))).toBe(
			'Banking and finance is critical because of the severe incident “Credential theft at four banks”. Nothing else is unusual.'
		);
	});

	it('never says that nothing else is unusual while a sector is unknown or still learned', () => {
		expect(say(posture({ telecom: index([flood], bad), water: dark() }))).toBe(
			'Telecom is critical because of floods and outages at 5 times the usual since 13:32. Water is unknown: nothing is reported from there.'
		);
		expect(say(posture({ water: dark() }))).toBe(
			'No sector is known to be strained or critical. Water is unknown: nothing is reported from there.'
		);
		expect(say(posture({ water: index([], { note: 'learning' }) }))).toBe(
			'No sector is strained or critical. In 1 of 3 sectors what is usual is still being learned.'
		);
	});

	it('does not miss what is grave in a sector that is unknown', () => {
		expect(say(posture({ telecom: index([flood], bad), water: dark([theft]) }))).toContain(
			'There is also the severe incident “Credential theft at four banks” in water.'
		);
	});

	it('does not take what has ended for a reason', () => {
		const ended = reason('recovery', -20, 'what has ended');
		expect(say(posture({ telecom: index([ended]) }))).toBe('Nothing is unusual any more.');
		expect(say(posture({ telecom: index([ended], strained) }))).toBe(
			'Telecom is strained while it recovers. Nothing else is unusual.'
		);
	});

	it('tells what lies outside the sectors, for the nation alone, and the day of what began earlier', () => {
		const old = reason('deviation', -9, 'leaks and tampering at twice the usual', { since: now - 30 * HOUR });
		expect(say(posture({}, index([old])))).toBe(
			'No sector is strained or critical. What weighs most is leaks and tampering at twice the usual since Sun 22 Nov outside the sectors. Nothing else is unusual.'
		);
	});

	it('says nothing when there is nothing to see', () =>
		expect(say({ version: 1, at: now, nation: null, sectors: [], withheld: 'x' })).toBe(''));
});

describe('the sentence, whatever the contributions', () => {
	const title = fc.stringMatching(/^[a-zA-Z؀-ۿ ]{1,200}$/);
	const one = fc.record({
		cause: fc.constantFrom<Cause>('incident', 'overdue', 'deviation', 'exposure', 'staleness', 'recovery'),
		points: fc.integer({ min: -75, max: -1 }),
		title
	});
	const made = fc.record({
		list: fc.array(one, { maxLength: 6 }),
		band: fc.constantFrom('critical', 'strained', 'watch', 'steady', null),
		note: fc.constantFrom(null, 'learning')
	});
	const some = fc.array(made, { minLength: 1, maxLength: 14 }).map((all): Posture => ({
		version: 1,
		at: now,
		nation: index([]),
		withheld: null,
		sectors: all.map(({ list, band, note }, i) => ({
			sector: `sector${String(i).padStart(2, '0')}`,
			...index(
				list.map((c, k) => reason(c.cause, c.points, `severe incident “${c.title}”`, { href: `/incidents/${i}-${k}` })),
				{ band, note, unknown: band === null ? SILENT : null, ...(band === null ? { value: null } : {}) }
			)
		}))
	}));
	const tell = (p: Posture) => sentence(p, new Map(), now);

	it('names no title and no sector that is not in them', () =>
		fc.assert(
			fc.property(some, (p) => {
				const said = tell(p);
				const titles = p.sectors.flatMap((s) => s.contributions.map((c) => /“([^]*)”/.exec(c.text)![1]!));
				for (const [, quoted] of said.matchAll(/“([^”]*)”/g))
					expect(
						titles.some((t) => t === quoted || (quoted!.endsWith('…') && t.startsWith(quoted!.slice(0, -1))))
					).toBe(true);
				for (const [name] of said.matchAll(/sector\d\d/gi))
					expect(p.sectors.map((s) => s.sector)).toContain(name.toLowerCase());
			})
		));

	it('is the same for the same, whatever their order, and never long', () =>
		fc.assert(
			fc.property(some, (p) => {
				expect(tell(p)).toBe(tell(structuredClone(p)));
				expect(tell(p).length).toBeLessThan(700);
			})
		));

	it('says that nothing else is unusual only when every reason was told and every sector is known', () =>
		fc.assert(
			fc.property(some, (p) => {
				if (!/Nothing (else )?is unusual/.test(tell(p))) return;
				expect(p.sectors.every((s) => s.unknown === null && s.note === null)).toBe(true);
				const real = p.sectors.flatMap((s) => s.contributions.filter((c) => c.cause !== 'recovery'));
				expect(real.length).toBeLessThanOrEqual(2);
			})
		));
});
