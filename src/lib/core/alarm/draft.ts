import { z } from 'zod';
import { PRIORITIES } from '../alarm';

/** What a person may say to an alarm or a rule: parsed by the verbs that write it, and described on the wire from the same schemas. */

const text = (min: number, max: number) =>
	z
		.string('is missing')
		.trim()
		.min(min, min ? 'is missing' : undefined)
		.max(max)
		.regex(/^[^\0]*$/, 'holds a NUL character');

export const Acknowledge = z.strictObject({ note: text(0, 2000).default('') });
/** `until` is an instant, ISO 8601. */
export const Shelve = z.strictObject({
	until: z.iso.datetime({ offset: true, error: 'is no time such as 2026-11-24T18:00:00+05:00' }),
	reason: text(1, 2000)
});
export const Unshelve = z.strictObject({ note: text(0, 2000).default('') });
export const Clear = z.strictObject({ reason: text(1, 2000) });

/** A change of a rule; `params` as a whole, by the schema of its kind. */
export const Change = z
	.strictObject({
		priority: z.enum(PRIORITIES),
		params: z.record(z.string(), z.unknown()),
		response: text(1, 4000),
		enabled: z.boolean()
	})
	.partial();
