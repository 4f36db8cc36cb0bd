import { z } from 'zod';
import { EVENTS, KINDS, PRIORITIES, STANDINGS } from '$lib/core/alarm';
import { seconds, tlp } from './answer';

/** What the HTTP interface answers of alarms and of the rules that raise them. */

const share = z.object(Object.fromEntries(PRIORITIES.map((p) => [p, z.number()])));

export const Alarm = z
	.object({
		id: z.number().int(),
		rule: z.string(),
		kind: z.enum(KINDS),
		priority: z.enum(PRIORITIES),
		standing: z.enum(STANDINGS),
		title: z.string(),
		why: z.string(),
		facts: z.record(z.string(), z.union([z.number(), z.string(), z.array(z.string()), z.null()])),
		response: z.string().meta({ description: 'what the watch officer is expected to do' }),
		sector: z.string().nullable(),
		province: z.string().nullable(),
		source: z.string().nullable(),
		tlp,
		href: z.string(),
		raised: seconds,
		updated: seconds,
		returned: seconds.nullable().meta({ description: 'when the condition ended; null: it holds' }),
		acknowledged: z.object({ at: seconds, by: z.string() }).nullable(),
		shelved: z.object({ until: seconds, by: z.string(), reason: z.string() }).nullable(),
		version: z.number().int()
	})
	.meta({ id: 'Alarm' });
export const Opened = Alarm.extend({
	history: z.array(
		z.object({
			at: seconds,
			actor: z.string().nullable().meta({ description: 'null: the rule, or the clock' }),
			what: z.enum(EVENTS),
			detail: z.record(z.string(), z.unknown())
		})
	),
	constituents: z.array(z.object({ id: z.number().int(), organisation: z.string() }))
}).meta({ id: 'AlarmOpened' });
export const Rate = z
	.object({
		from: seconds,
		tens: z.array(z.number().int()).meta({ description: 'alarms by ten minutes of the last day, the oldest first' }),
		day: z.number().int(),
		hour: z.number().int(),
		mean: z.number().meta({ description: 'in ten minutes; EEMUA 191: 1 is steady' }),
		peak: z.number().int().meta({ description: 'in ten minutes; EEMUA 191: 10 after an upset' }),
		over: z.object({ steady: z.number().int(), upset: z.number().int() }),
		share: share.meta({ description: 'by priority; EEMUA 191: 0.05, 0.15, 0.8' })
	})
	.meta({ id: 'AlarmRate' });
export const Flood = z
	.object({
		since: seconds,
		count: z.number().int(),
		priority: z.enum(PRIORITIES),
		text: z.string(),
		ids: z.array(z.number().int())
	})
	.meta({ id: 'AlarmFlood' });
export const Rule = z
	.object({
		slug: z.string(),
		kind: z.enum(KINDS),
		name: z.string(),
		priority: z.enum(PRIORITIES),
		params: z.record(z.string(), z.unknown()),
		response: z.string(),
		enabled: z.boolean(),
		version: z.number().int(),
		updated: seconds,
		by: z.string().nullable().meta({ description: 'null: as it came' })
	})
	.meta({ id: 'Rule' });
