/** What takes points from an index. `sector` only from the nation's; `recovery` is what has ended and still counts. */
export const CAUSES = ['incident', 'overdue', 'deviation', 'exposure', 'staleness', 'sector', 'recovery'] as const;
export type Cause = (typeof CAUSES)[number];

/** One reason why an index is not 100: negative points, in words for an executive. Times are epoch seconds. */
export type Contribution = {
	/** names it among those of one index */
	key: string;
	cause: Cause;
	/** whole and below zero; those of an index add up to its value less 100 */
	points: number;
	/** `floods and outages at 5 times the usual in Islamabad`: a noun and what belongs to it, to stand in a sentence */
	text: string;
	since: number | null;
	/** what it opens: a path on the desk */
	href: string | null;
};

/** Bands of an index, the worst first; changes between them have hysteresis. */
export const BANDS = ['critical', 'strained', 'watch', 'steady'] as const;
export type Band = (typeof BANDS)[number];

/** Why a sector has no value: nothing was ever seen of it, or what usually reports is silent. */
export const NO_SOURCE = 'no source';
export const SILENT = 'sources silent';

/** `value` 0 to 100 (whole), null: unknown, and `unknown` says why. */
export type Index = {
	value: number | null;
	band: Band | null;
	/** since when the band holds, or since when the value is unknown */
	since: number;
	unknown: string | null;
	/** what a reader must know to take the value for no more than it is; null: nothing */
	note: string | null;
	contributions: Contribution[];
};

/** The posture index of the nation and of each sector as one clearance sees it, by a version of the formula. */
export type Posture = {
	version: number;
	at: number;
	nation: Index | null;
	sectors: ({ sector: string } & Index)[];
	/** why a viewer does not get all of it; null: it is all */
	withheld: string | null;
};
