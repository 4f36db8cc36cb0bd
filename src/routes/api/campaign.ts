import { z } from 'zod';
import { BEHAVIOUR, STATES } from '$lib/core/campaign';
import { KINDS } from '$lib/core/observable';
import { seconds } from './answer';

/** What the HTTP interface answers of campaigns. Times are exact to the hour. */

export const Campaign = z
	.object({
		id: z.number().int(),
		name: z.string().meta({ description: 'as a person named it, or after what it shares' }),
		named: z.boolean(),
		state: z.enum(STATES),
		first: seconds,
		last: seconds,
		count: z.number().int().meta({ description: 'reports that carry what it shares' }),
		sectors: z.array(z.string()),
		provinces: z.array(z.string()),
		constituents: z.number().int(),
		members: z.number().int().meta({ description: 'values that it shares' }),
		days: z.array(z.tuple([seconds, z.number().int()])).meta({ description: 'reports by day (UTC)' }),
		version: z.number().int()
	})
	.meta({ id: 'Campaign' });
const reached = { count: z.number().int(), first: seconds, last: seconds };
export const Spread = Campaign.extend({
	label: z.string().meta({ description: 'C-12' }),
	shared: z.array(
		z.object({
			id: z.guid(),
			kind: z.enum([...KINDS, BEHAVIOUR]),
			value: z.string(),
			why: z.enum(['shared', 'claimed', 'behaviour']),
			indicator: z.boolean().meta({ description: 'whether there is an indicator of this id' }),
			by: z.string().nullable().meta({ description: 'the person who put it here' }),
			...reached,
			sectors: z.number().int(),
			constituents: z.number().int()
		})
	),
	hours: z.array(z.object({ at: seconds, sector: z.string(), n: z.number().int() })),
	bySector: z.array(z.object({ name: z.string(), ...reached })),
	byProvince: z.array(z.object({ name: z.string(), ...reached })),
	byConstituent: z.array(
		z.object({
			id: z.number().int(),
			name: z.string().nullable(),
			sector: z.string(),
			province: z.string(),
			...reached
		})
	),
	incidents: z
		.array(z.object({ id: z.string(), title: z.string(), sector: z.string(), opened: seconds }))
		.meta({ description: 'opened in its sectors while it was seen; not said to be of it' }),
	history: z.array(
		z.object({
			at: seconds,
			actor: z.string().nullable().meta({ description: 'null: it was found by itself' }),
			action: z.string(),
			detail: z.record(z.string(), z.unknown())
		})
	)
}).meta({ id: 'CampaignSpread' });
