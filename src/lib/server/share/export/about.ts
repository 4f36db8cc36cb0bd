import { params } from '$lib/core/slice';
import { label, type Tlp } from '$lib/core/tlp';
import type { Observation, Slice } from '../../store/observation';

/** What every export says of itself. */
export type About = {
	/** the clearance of whoever it is made for: the file as a whole is marked with it */
	marking: Tlp;
	exercise: boolean;
	/** when it was made (milliseconds since 1970) */
	made: number;
	slice: Slice;
	/** observations at the most */
	most: number;
};
/** How an export ended. `cut`: there are more, which are older. */
export type End = { rows: number; cut: boolean };
/** Writes an export: what comes before, each page, and what comes after. Texts are UTF-8. */
export type Writer = {
	type: string;
	extension: string;
	begin(about: About): string;
	page(observations: Observation[]): string;
	end(end: End): string;
};

export const iso = (s: number): string => new Date(s * 1000).toISOString();

/** The head of formats that have room for one. */
export const head = ({ marking, exercise, made, slice }: About) => ({
	export: 'watchfloor observations',
	marking: label(marking),
	exercise,
	made: new Date(made).toISOString(),
	slice: Object.fromEntries(params(slice as Parameters<typeof params>[0])),
	order: 'the newest first'
});

/** What an export that was cut says of that. */
export const cutAt = (most: number): string =>
	`This export was cut: it holds the newest ${most} observations of its slice; older ones are left out. Narrow the time to get those.`;
