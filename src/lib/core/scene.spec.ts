import { expect, test } from 'vitest';
import { first, id, jump, next, step, type Odd, type Plan, type Turn } from './scene';

const plan = (given: Partial<Plan> = {}): Plan => ({
	order: ['nation', 'sector', 'sources'],
	seconds: 30,
	paused: false,
	of: { sector: ['telecom', 'banking'], province: ['PK-PB'], campaign: [] },
	...given
});
const odd = (key: string, weight = 5): Odd => ({ kind: 'sector', key, weight, why: `${key} is off` });
/** What is shown, each `seconds` long, from the first. */
function shown(n: number, p: Plan, by: readonly Odd[] = []): string[] {
	let turn = first(p, 0);
	const out = [id(turn.scene)];
	for (let i = 1; i < n; i++) {
		turn = next(turn, p, by, i * p.seconds);
		out.push(id(turn.scene));
	}
	return out;
}

test('scenes follow in their order, and each time round a scene of one thing is of the next one', () => {
	expect(shown(7, plan())).toEqual([
		'nation:',
		'sector:telecom',
		'sources:',
		'nation:',
		'sector:banking',
		'sources:',
		'nation:'
	]);
});

test('a turn lasts as long as it was told to', () => {
	const turn = first(plan(), 0);
	expect(next(turn, plan(), [], 29.9)).toBe(turn);
	expect(next(turn, plan(), [], 30)).not.toBe(turn);
});

test('one scene stays, whatever is abnormal elsewhere', () => {
	expect(new Set(shown(5, plan({ order: ['nation'] }), [odd('telecom')]))).toEqual(new Set(['nation:']));
});

test('what is abnormal comes next and every second time, and says why; the order goes on between', () => {
	const p = plan();
	expect(shown(6, p, [odd('banking')])).toEqual([
		'nation:',
		'sector:banking',
		'sector:telecom',
		'sector:banking',
		'sources:',
		'sector:banking'
	]);
	expect(next(first(p, 0), p, [odd('banking')], 30).why).toBe('banking is off');
});

test('of several abnormal ones the furthest comes first, and none again before all were shown', () => {
	const p = plan({ of: { sector: ['a', 'b', 'c'], province: [], campaign: [] } });
	const all = shown(8, p, [odd('b', 5), odd('c', 20)]);
	expect(all[1]).toBe('sector:c');
	expect(all[3]).toBe('sector:b');
	expect(all[5]).toBe('sector:c');
});

test('a pause keeps what is shown, whatever happens', () => {
	const p = plan({ paused: true });
	const turn = first(p, 0);
	expect(next(turn, p, [odd('telecom', 99)], 9999)).toBe(turn);
});

test('a scene that is no longer in the order is left at once, paused or not', () => {
	const turn = jump(first(plan(), 0), plan(), 'sector', 0) as Turn;
	expect(id(next(turn, plan({ order: ['nation'], paused: true }), [], 1).scene)).toBe('nation:');
});

test('a kind that has nothing to show, or may not, is left out', () => {
	const p = plan({ order: ['campaign', 'nation', 'sources'] });
	expect(shown(4, p)).toEqual(['nation:', 'sources:', 'nation:', 'sources:']);
	expect(jump(first(p, 0), p, 'campaign', 0)).toBeUndefined();
});

test('by hand one goes forth and back, and to a kind', () => {
	const p = plan();
	const turn = first(p, 0);
	expect(id(step(turn, p, 1, 1).scene)).toBe('sector:telecom');
	expect(id(step(turn, p, -1, 1).scene)).toBe('sources:');
	expect(id(jump(turn, p, 'sources', 1)!.scene)).toBe('sources:');
});
