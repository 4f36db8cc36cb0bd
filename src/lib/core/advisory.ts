import type { Tlp } from './tlp';

/** What a CERT or a vendor tells those it protects (CSAF), as every screen sees it. Times are epoch seconds. */
export type Advisory = {
	/** its number at its publisher */
	id: string;
	title: string;
	publisher: string | null;
	/** band of the highest CVSS base score in it */
	severity: string | null;
	tlp: Tlp;
	/** slugs of sectors that it names */
	sectors: string[];
	cves: string[];
	updated: number | null;
	/** the source that brought it */
	source: string;
};
