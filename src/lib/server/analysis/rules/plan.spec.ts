import { expect, test } from 'vitest';
import type { Saying } from '$lib/core/alarm';
import { RULES, type Rule } from '$lib/core/alarm/rules';
import { ofRank } from '$lib/core/tlp';
import type { Held } from '../../store/alarm/row';
import type { Change, Condition } from '../../store/alarm/watch';
import { plan } from './plan';

const RULE = RULES.find((r) => r.slug === 'cert-attacked') as Rule<'cert'>;
const T = 1_790_000_000;
const saying = (more: Partial<Saying> = {}): Saying => ({
	rank: 1,
	priority: 'medium',
	title: 'A',
	why: 'B',
	facts: { n: 5 },
	...more
});
const condition = (more: Partial<Condition> = {}): Condition => ({
	key: 'a',
	said: [saying()],
	sector: null,
	province: null,
	source: null,
	href: '/x',
	parts: ['p'],
	...more
});
const held = (more: Partial<Held> = {}): Held => ({
	id: 1,
	rule: RULE.slug,
	key: 'a',
	kind: 'cert',
	priority: 'medium',
	standing: 'unacknowledged',
	response: '',
	sector: null,
	province: null,
	source: null,
	tlp: ofRank(1),
	said: [saying()],
	href: '/x',
	parts: ['p'],
	constituents: [],
	raised: T - 600,
	updated: T - 600,
	absent: null,
	returned: null,
	acknowledged: null,
	shelved: null,
	version: 1,
	...more
});
const verbs = (changes: Change[]) =>
	changes.map(
		(c) => `${c.do}${'note' in c && c.note ? ` ${c.note.what}` : ''}${c.do === 'tell' ? ` ${c.standing}` : ''}`
	);
const of = (h: Held[], c: Condition[], now = T, rule: Rule = RULE) => verbs(plan(rule, h, c, now));

test('what holds is raised once, and the same the minute after changes nothing', () => {
	expect(of([], [condition()])).toEqual(['raise raised']);
	expect(of([held()], [condition()])).toEqual([]);
	expect(of([], [condition(), condition()])).toEqual(['raise raised']);
});

test('an alarm ends only when its condition has been away for the time of its rule', () => {
	expect(of([held()], [])).toEqual(['absent']);
	expect(of([held({ absent: T - 29 * 60 })], [])).toEqual([]);
	expect(of([held({ absent: T - 30 * 60 })], [])).toEqual(['end ended']);
	expect(of([held({ absent: T - 29 * 60 })], [condition()])).toEqual(['absent']);
	const [back] = plan(RULE, [held({ absent: T - 60 })], [condition()], T);
	expect(back).toMatchObject({ do: 'absent', absent: null });
});

test('a condition that comes back before anybody saw its end rings again as the same alarm', () => {
	expect(of([held({ standing: 'returned', returned: T - 60 })], [condition()])).toEqual(['tell again unacknowledged']);
	expect(of([held({ standing: 'returned', returned: T - 60 })], [])).toEqual([]);
});

test('what becomes more urgent, or more, rings again though somebody has seen it', () => {
	const seen = held({ standing: 'acknowledged', acknowledged: { at: T - 60, by: 'A' } });
	expect(of([seen], [condition({ said: [saying({ priority: 'high' })] })])).toEqual(['tell escalated unacknowledged']);
	expect(of([seen], [condition({ said: [saying({ priority: 'low' })] })])).toEqual(['tell acknowledged']);
	expect(of([seen], [condition({ parts: ['p', 'q'] })])).toEqual(['tell grown unacknowledged']);
	expect(of([seen], [condition({ parts: [] })])).toEqual([]);
});

test('numbers alone are told every five minutes, and a new marking at once', () => {
	const more = condition({ said: [saying({ facts: { n: 6 } })] });
	expect(of([held({ updated: T - 299 })], [more])).toEqual([]);
	expect(of([held({ updated: T - 300 })], [more])).toEqual(['tell unacknowledged']);
	expect(of([held({ updated: T - 1 })], [condition({ said: [saying({ rank: 3 })] })])).toEqual(['tell unacknowledged']);
	expect(of([held({ updated: T - 1 })], [condition({ sector: 'telecom' })])).toEqual(['tell unacknowledged']);
});

test('the order in which a database keeps facts is no change', () => {
	const facts = (f: Saying['facts']) => [saying({ facts: f })];
	expect(of([held({ said: facts({ a: 1, b: 2 }) })], [condition({ said: facts({ b: 2, a: 1 }) })])).toEqual([]);
});

test('what a person cleared stays quiet while it holds, is forgotten when it ends, and rings when it is more', () => {
	const cleared = held({ standing: 'cleared' });
	expect(of([cleared], [condition()])).toEqual([]);
	expect(of([{ ...cleared, absent: T - 1800 }], [])).toEqual(['end ended']);
	expect(of([cleared], [condition({ parts: ['p', 'q'] })])).toEqual(['end ended', 'raise raised']);
});

test('more of it is told as of who may know of what is new, whatever else has changed', () => {
	const said = [saying({ facts: { n: 6 } }), saying({ rank: 4, facts: { n: 9 } })];
	const more = (known: [string, number][], parts = ['p', 'q']) =>
		plan(RULE, [held()], [condition({ said, parts, known: new Map(known) })], T)[0];
	expect(more([['q', 4]])).toMatchObject({ note: { what: 'grown', tlp: 4 } });
	expect(more([['q', 1]])).toMatchObject({ note: { what: 'grown', tlp: 1 } });
	expect(
		more(
			[
				['q', 4],
				['r', 2]
			],
			['p', 'q', 'r']
		)
	).toMatchObject({ note: { tlp: 2 } });
	expect(more([])).toMatchObject({ note: { tlp: 1 } });
});

test('what is more urgent only for some is told as theirs', () => {
	const two = [saying(), saying({ rank: 4, priority: 'high' })];
	const [change] = plan(RULE, [held()], [condition({ said: two })], T);
	expect(change).toMatchObject({ do: 'tell', note: { what: 'escalated', tlp: 4 } });
	expect(plan(RULE, [], [condition({ said: [...two].reverse() })], T)[0]).toMatchObject({
		fields: { tlp: 1, priority: 'high', said: [{ rank: 1 }, { rank: 4 }] },
		note: { tlp: 1 }
	});
});
