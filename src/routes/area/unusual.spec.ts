import { expect, test } from 'vitest';
import { ALL, type Judged } from '$lib/core/judgement';
import { HOUR } from '$lib/core/clock';
import { sentence } from './unusual';

const judged = (sigma: number | null, state: Judged[10] = 'judged', n = 875): Judged => [
	'now',
	0,
	ALL,
	'telecom',
	ALL,
	n,
	390,
	302,
	488,
	sigma,
	state
];
/** 00:00 UTC is 05:00 PKT */
const hours = (...sigmas: (number | null)[]) => sigmas.map((s, i) => ({ at: i * HOUR, judged: judged(s) }));

test('a calm area is as usual, in numbers', () => {
	expect(sentence(judged(0.4, 'judged', 400), hours(0, 0), [])).toBe(
		'As usual: 400 observations in the last 60 minutes, usually 302 to 488.'
	);
});

test('an unusual one says how much, since when, and what most of all', () => {
	const parts = [
		{ name: 'Sindh', judged: judged(-1) },
		{ name: 'Availability', judged: judged(20) },
		{ name: 'Islamabad', judged: judged(21) },
		{ name: 'Fraud', judged: judged(3) },
		{ name: 'Other', judged: judged(-4) }
	];
	expect(sentence(judged(15), hours(0, 5, 0, 4, 6), parts)).toBe(
		'Above the usual by +15σ: 875 observations in the last 60 minutes, usually 302 to 488, since 08:00 PKT. Most of all Islamabad (+21σ) and Availability (+20σ), and 1 more.'
	);
});

test('what has only begun, and what has lasted as long as is shown, is said as that', () => {
	expect(sentence(judged(5), hours(4, 0), [])).toMatch(/; the whole hour before was not\.$/);
	expect(sentence(judged(-5), hours(-3, -4), [])).toMatch(/^Below .*, in each of the 2 hours shown\.$/);
});

test('a calm whole does not hide a part that is not', () => {
	expect(sentence(judged(1), hours(0), [{ name: 'Islamabad', judged: judged(6) }])).toMatch(
		/^As usual: .* Not as usual within it: Islamabad \(\+6\.0σ\)\.$/
	);
});

test('what is not known is never said as a number', () => {
	expect(sentence(undefined, [], [])).toMatch(/judged yet/);
	expect(sentence(judged(null, 'learning'), [], [])).toMatch(/still being learned/);
	expect(sentence(judged(null, 'no-data'), [], [])).toMatch(/silent/);
});
