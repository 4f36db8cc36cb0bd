import type { Judged } from '$lib/core/judgement';
import type { Province } from '$lib/core/province';
import { plural } from '../base/number';
import type { Bands } from '../chart/bands';
import { figure, said, shape as sign, step } from '../chart/deviation';
import { perPeople, rate } from '../chart/figure';
import type { Shape } from './land';
import type { Way } from './way';

/** What is known of a province; `href`: where it leads, the page of the province unless given. */
export type Mark = { count: number; open: number; judged?: Judged; href?: string };
/** One unit of a boundary set as it is drawn: its colours, its figures and the sentence for who does not see it. */
export type Unit = Shape & {
	long: string;
	short: string;
	mark: Mark | undefined;
	/** reports per 100,000 people */
	per: number;
	/** no province of ours */
	plain: boolean;
	/** what usually reports is silent */
	silent: boolean;
	sigma: number | null;
	fill: string;
	ink: string;
	/** the line of detail of its label */
	more: string;
	said: string;
};

/** From here on (σ) a unit burns: the last step but one of the scale of deviation. */
export const UNUSUAL = 3.95;

/** A shape with what is known of it; without a `mark` it is hatched, and `absent` says why. `hatch` paints that. */
export function unit(
	shape: Shape,
	province: Province | undefined,
	mark: Mark | undefined,
	{ by, bands, absent, hatch }: { by: Way; bands: Bands; absent: string; hatch: string }
): Unit {
	const per = mark ? perPeople(mark.count, province?.population ?? 0) : 0;
	const sigma = by === 'deviation' ? (mark?.judged?.[9] ?? null) : null;
	const silent = mark?.judged?.[10] === 'no-data';
	const plain = !province;
	return {
		...shape,
		long: province?.name ?? shape.name,
		short: province?.short ?? shape.name,
		mark,
		per,
		plain,
		silent,
		sigma,
		fill: plain
			? 'var(--ramp-0)'
			: !mark || silent
				? hatch
				: sigma === null
					? `var(--ramp-${bands.ramp(by === 'count' ? mark.count : per)})`
					: step(sigma).fill,
		ink: sigma === null || silent ? 'var(--strong)' : step(sigma).ink,
		more: silent ? 'silent' : sigma === null ? `${rate(per)}/100k` : `${sign(sigma)} ${figure(sigma)}σ`,
		said: plain
			? `${shape.name}: nothing is counted here`
			: mark
				? `${province.name}: ${plural(mark.count, 'report')}, ${mark.judged ? `last 60 minutes ${said(mark.judged)}` : `${rate(per)} per 100,000 people`}, ${plural(mark.open, 'open incident')}`
				: `${province.name}: ${absent}`
	};
}
