/** What takes points from an index. */
export const CAUSES = ['incident', 'overdue', 'deviation', 'exposure', 'staleness'] as const;
export type Cause = (typeof CAUSES)[number];

/** One reason why an index is not 100: negative points, in words for an executive. Times are epoch seconds. */
export type Contribution = {
	cause: Cause;
	points: number;
	/** `flood in telecom` */
	text: string;
	since: number | null;
	/** what it opens: a path on the desk */
	href: string | null;
};

/** Bands of an index, the worst first; changes between them have hysteresis. */
export const BANDS = ['critical', 'strained', 'watch', 'steady'] as const;
export type Band = (typeof BANDS)[number];

/** `value` 0 to 100 (whole), null: unknown, and `unknown` says why. */
export type Index = {
	value: number | null;
	band: Band | null;
	/** since when the band holds */
	since: number;
	unknown: string | null;
	contributions: Contribution[];
};

/** The posture index of the nation and of each sector as one clearance sees it, by a version of the formula. */
export type Posture = {
	version: number;
	at: number;
	nation: Index | null;
	sectors: ({ sector: string } & Index)[];
};
