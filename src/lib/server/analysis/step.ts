import type { Special } from '$lib/core/calendar';
import type { Log } from '../ops/log';
import type { Client } from '../store/client';
import type { Facets } from '../store/facet';
import type { Reference } from '../store/reference';
import type { Judge, Judged } from './judge';

/** What a step stands on, as of one judgement. */
export type Context = {
	client: Client;
	log: Log;
	facets: Facets;
	reference: Reference;
	/** epoch seconds of the whole minute that is judged: what came before it is complete, as far as it has been delivered */
	now: number;
	judge: Judge;
	judged: Judged;
	calendar: Special[];
	exercise: boolean;
};

/**
 * Something that is done after each judgement, in the one process that leads. An error of it is logged, and neither
 * stops the other steps nor the next minute.
 */
export type Step = { name: string; run(context: Context): Promise<void> };
