import type { Judged } from '$lib/core/judgement';
import { count } from '../base/number';

/** A step of the scale of deviations: from `from` σ on, its colour, the ink on it, and what the legend says. */
export type Step = { from: number; fill: string; ink: string; label: string };

/**
 * Colour begins at two σ: of a wall's 350 cells eight are beyond by chance on a calm day, and those are tinted, not lit.
 * What burns is five σ and more, where alarms begin.
 */
export const STEPS: readonly Step[] = [
	{ from: -Infinity, fill: 'var(--below-2)', ink: 'var(--strong)', label: '−3σ' },
	{ from: -3, fill: 'var(--below-1)', ink: 'var(--strong)', label: '−2σ' },
	{ from: -2, fill: 'var(--usual)', ink: 'var(--strong)', label: 'usual' },
	{ from: 2, fill: 'var(--above-1)', ink: 'var(--strong)', label: '+2σ' },
	{ from: 3, fill: 'var(--above-2)', ink: 'var(--strong)', label: '+3σ' },
	{ from: 4, fill: 'var(--above-3)', ink: 'var(--above-3-ink)', label: '+4σ' },
	{ from: 5, fill: 'var(--above-4)', ink: 'var(--above-4-ink)', label: '+5σ' }
];

/** From here on, up or down, a deviation carries its figure. */
export const FIGURE = 3;

/** The step of a deviation; a deviation is shown with one place, and its step goes by that. */
export const step = (sigma: number): Step => STEPS.findLast((s) => round(sigma) >= s.from) ?? STEPS[0]!;

const round = (x: number): number => Math.round(x * 10) / 10;

/** `+3.4`; `0` without a sign; whole from ten on. */
export function figure(sigma: number): string {
	const shown = Math.abs(sigma) >= 9.95 ? Math.round(sigma) : round(sigma);
	const size = Math.abs(shown);
	const text = size > 99 ? '>99' : Number.isInteger(shown) && size >= 10 ? String(size) : size.toFixed(1);
	return size === 0 || size > 99 ? text.replace('0.0', '0') : `${shown < 0 ? '−' : '+'}${text}`;
}

/** The shape that goes with a deviation, so that colour is never alone. */
export const shape = (sigma: number): '▲' | '▼' | '●' => (round(sigma) >= 2 ? '▲' : round(sigma) <= -2 ? '▼' : '●');

/** In words: what was counted against what is usual. */
export function said(j: Judged | undefined): string {
	if (!j) return 'not judged';
	if (j[10] === 'learning') return 'still learning what is usual';
	if (j[10] !== 'judged' || j[9] === null) return 'no data: what usually reports is silent';
	const where = j[9] >= 2 ? 'above the usual' : j[9] <= -2 ? 'below the usual' : 'as usual';
	return `${where}, ${figure(j[9])}σ, usually ${between(j)}`;
}

/** `4 to 19`, the range outside of which one count in two thousand falls. */
export const between = (j: Judged): string => (j[7] === j[8] ? count(j[7]) : `${count(j[7])} to ${count(j[8])}`);
