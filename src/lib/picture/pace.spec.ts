import { expect, test, vi } from 'vitest';
import { Pace } from './pace';

test('any number of requests become few drawings, the first one at once and the last one not lost', () => {
	vi.useFakeTimers();
	let drawn = 0;
	let asked = 0;
	let seen = 0;
	const pace = new Pace(() => {
		drawn++;
		seen = asked;
	}, 250);
	asked++;
	pace.ask();
	expect(drawn).toBe(1);
	for (let ms = 0; ms < 1000; ms += 2) {
		asked++;
		pace.ask();
		vi.advanceTimersByTime(2);
	}
	vi.advanceTimersByTime(250);
	expect(drawn).toBeLessThanOrEqual(6);
	expect(seen).toBe(asked);
	vi.useRealTimers();
});

test('nothing is drawn after the end', () => {
	vi.useFakeTimers();
	let drawn = 0;
	const pace = new Pace(() => drawn++, 250);
	pace.ask();
	pace.ask();
	pace.stop();
	vi.advanceTimersByTime(1000);
	expect(drawn).toBe(1);
	vi.useRealTimers();
});
