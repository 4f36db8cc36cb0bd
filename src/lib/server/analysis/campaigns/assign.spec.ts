import { expect, it } from 'vitest';
import { assign, type Standing } from './assign';

const group = (...clues: string[]) => ({ clues, kinds: [] });
const campaign = (id: number, clues: string, more: Partial<Standing> = {}): Standing => ({
	id,
	state: 'open',
	kept: false,
	members: clues.split('').map((clue) => ({ clue, kind: kind(clue) })),
	...more
});
/** Clues are letters: capitals are hashes. */
const kind = (clue: string) => (clue === clue.toUpperCase() ? 'sha-256' : 'domain-name');
const never = () => false;

it('what nobody has is a new campaign, what is new of one joins it', () => {
	expect(assign([group('a', 'b')], [], never, kind)).toEqual([{ do: 'give', id: null, clues: ['a', 'b'] }]);
	expect(assign([group('a', 'b')], [campaign(1, 'a')], never, kind)).toEqual([{ do: 'give', id: 1, clues: ['b'] }]);
	expect(assign([group('a', 'b')], [campaign(1, 'ab')], never, kind)).toEqual([]);
});

it('two that turn out to be one are one, the older', () => {
	expect(assign([group('a', 'b', 'c')], [campaign(2, 'b'), campaign(1, 'a')], never, kind)).toEqual([
		{ do: 'merge', id: 2, into: 1 },
		{ do: 'give', id: 1, clues: ['c'] }
	]);
});

it('what a person split is never made one, whatever links it', () => {
	const split = (a: number, b: number) => a + b === 3;
	expect(assign([group('a', 'b', 'c')], [campaign(1, 'a'), campaign(2, 'b')], split, kind)).toEqual([
		{ do: 'give', id: 1, clues: ['c'] }
	]);
	expect(assign([group('a', 'b', 'c')], [campaign(1, 'a'), campaign(2, 'b'), campaign(3, 'c')], split, kind)).toEqual([
		{ do: 'merge', id: 3, into: 1 }
	]);
});

it('what was dismissed takes more of its kinds in silence, and comes back with a new kind', () => {
	const dismissed = campaign(1, 'a', { state: 'dismissed', kept: true });
	expect(assign([group('a', 'b')], [dismissed], never, kind)).toEqual([{ do: 'give', id: 1, clues: ['b'] }]);
	expect(assign([group('a', 'H')], [dismissed], never, kind)).toEqual([
		{ do: 'give', id: 1, clues: ['H'] },
		{ do: 'reopen', id: 1, kinds: ['sha-256'] }
	]);
	expect(assign([group('a', 'b', 'c')], [dismissed, campaign(2, 'b')], never, kind)).toEqual([
		{ do: 'give', id: 2, clues: ['c'] }
	]);
});

it('what has fallen apart is two, and what ties nothing any more is gone', () => {
	expect(assign([group('a', 'b'), group('c')], [campaign(1, 'abc')], never, kind)).toEqual([
		{ do: 'take', id: 1, clues: ['c'] },
		{ do: 'give', id: null, clues: ['c'] }
	]);
	expect(assign([], [campaign(1, 'ab')], never, kind)).toEqual([
		{ do: 'take', id: 1, clues: ['a', 'b'] },
		{ do: 'dissolve', id: 1 }
	]);
});

it('nothing is taken from a campaign that a person touched', () => {
	expect(assign([group('a'), group('c')], [campaign(1, 'abc', { kept: true })], never, kind)).toEqual([]);
});
