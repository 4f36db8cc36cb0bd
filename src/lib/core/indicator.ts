import { DAY } from './clock';
import type { Tlp } from './tlp';

/** An indicator that was seen lately, as far as a viewer may see where. `at` is epoch seconds: when it was last seen somewhere new. */
export type Spotted = {
	id: string;
	kind: string;
	value: string;
	tlp: Tlp;
	sectors: string[];
	provinces: string[];
	at: number;
};

/** Seconds that screens hold it. */
export const LATELY = DAY;

/** The most sectors first, then the latest. */
export const order = (a: Spotted, b: Spotted): number =>
	b.sectors.length - a.sectors.length || b.at - a.at || (a.id < b.id ? -1 : 1);
