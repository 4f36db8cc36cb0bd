import { z } from 'zod';
import { ABUSES } from '$lib/core/abuse';
import { NOTICES } from '$lib/core/notice';
import { STANDINGS } from '$lib/core/remedy';
import { id, next, seconds, tlp } from './answer';

/** What the HTTP interface answers of outbound abuse and of notices. */

const some = seconds.nullable();
const n = z.number().int();
const standing = z.enum(STANDINGS);
const network = z.string().meta({ description: 'AS64500, 203.0.113.0/24, 2001:db8::/48, constituent:7 or unknown' });
const spread = z
	.object({ n, median: z.number(), p90: z.number() })
	.nullable()
	.meta({ description: 'of n lengths in seconds; null: there is none' });
const sums = z.object({ networks: n, pairs: n, count: z.number(), first: some, last: some });
const flow = z
	.object({
		n,
		closed: n,
		rejected: n,
		open: n,
		waiting: n,
		took: z.object({ acknowledged: spread, triaged: spread, closed: spread })
	})
	.nullable()
	.meta({ description: 'of notices of a year; null: not recorded, which is not nought' });

export const Pair = z
	.object({
		network,
		name: z.string().nullable().meta({ description: 'of the constituent, for who may read those' }),
		type: z.enum(ABUSES),
		first: seconds,
		last: seconds,
		count: z.number(),
		days: n.meta({ description: 'on which it was seen' }),
		standing,
		reported: some,
		rejected: z.boolean(),
		remedied: some,
		returns: n.meta({ description: 'how often it came back after it was remedied' })
	})
	.meta({ id: 'OutboundAbuse' });

const Norms = z
	.object({
		c: z.object({
			now: sums,
			ever: sums,
			standings: z.record(standing, n),
			remedy: z.object({
				told: spread.meta({ description: 'from the notice; what has not ended is left out: see open' }),
				seen: spread.meta({ description: 'from the first sighting' }),
				open: n,
				oldest: z.number().nullable().meta({ description: 'seconds since the oldest open case was told' }),
				unwatched: n,
				repeat: n.meta({ description: 'networks to which abuse came back' })
			}),
			foreign: flow
		}),
		h: z.object({ in: flow, out: flow }),
		i: n.nullable(),
		j: flow,
		k: n.nullable()
	})
	.meta({ id: 'Norms', description: 'figures on A/70/174 ¶13 by their letter; null: not recorded' });

export const Outbound = z.object({
	pairs: z.array(Pair),
	next,
	norms: Norms,
	counted: z.boolean().meta({ description: 'false: nothing has been counted yet' }),
	stale: n.meta({ description: 'days that are still being counted' })
});

export const Notice = z
	.object({
		id: n,
		kind: z.enum(NOTICES),
		network: network.nullable(),
		type: z.enum(ABUSES).nullable().meta({ description: 'null: all of the network' }),
		party: z.string(),
		reference: z.string(),
		note: z.string(),
		tlp,
		at: seconds,
		acknowledged: some,
		triaged: some,
		closed: some.meta({ description: 'remedied, acted on, fixed or closed, by kind' }),
		rejected: some,
		by: z.string(),
		changedBy: z.string().nullable(),
		updated: seconds,
		version: n
	})
	.meta({ id: 'Notice' });

const word = z.string().optional();
/** What can be asked for. */
export const Asked = z.object({
	network: word,
	type: z.enum(ABUSES).optional(),
	sector: word,
	province: word,
	standing: standing.optional(),
	sort: z.enum(['standing', 'last', 'first', 'count']).optional()
});
export const AskedNotices = z.object({ kind: z.enum(NOTICES).optional(), network: word, type: word });
export const one = { path: id('number of the notice'), header: z.object({ 'If-Match': z.string() }) };
