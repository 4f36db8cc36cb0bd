import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Calm, REST } from './say';

let said: string[];
let calm: Calm;
beforeEach(() => {
	vi.useFakeTimers();
	said = [];
	calm = new Calm((text) => said.push(text));
});
afterEach(() => vi.useRealTimers());

it('says the first thing at once', () => {
	calm.push('Connection lost');
	expect(said).toEqual(['Connection lost']);
});

it('speaks once in ten seconds at the most, whatever happens, and then of the last', () => {
	for (let i = 0; i < 300; i++) {
		calm.push(`${i} new`);
		vi.advanceTimersByTime(100);
	}
	expect(said.length).toBeLessThanOrEqual(1 + 30_000 / REST);
	vi.advanceTimersByTime(REST);
	expect(said.at(-1)).toBe('299 new');
});

it('says nothing of what came and went', () => {
	calm.push('Connection lost');
	calm.push('Live again');
	calm.push('Connection lost');
	vi.advanceTimersByTime(2 * REST);
	expect(said).toEqual(['Connection lost']);
});

it('has nothing to say while all is well, and says the same again when it happens again', () => {
	calm.push('Connection lost');
	vi.advanceTimersByTime(REST);
	calm.push('');
	calm.push('Connection lost');
	expect(said).toEqual(['Connection lost', 'Connection lost']);
});

it('says nothing after it has ended', () => {
	calm.push('a');
	calm.push('b');
	calm.stop();
	vi.advanceTimersByTime(2 * REST);
	expect(said).toEqual(['a']);
});
