import { z } from 'zod';
import { BY, type By } from '$lib/core/dimension';

/** Filters that every read of reports takes, as they stand in a URL. Times are ISO 8601. */
const word = z
	.string()
	.min(1)
	.max(64)
	.regex(/^[^\0]*$/, 'holds a NUL character');
export const Filter = z.strictObject({
	from: z.iso.datetime({ offset: true }).optional().meta({ description: 'first moment, ISO 8601' }),
	to: z.iso.datetime({ offset: true }).optional().meta({ description: 'moment after the last, ISO 8601' }),
	source: word.optional(),
	sector: word.optional(),
	province: word.optional(),
	class: word.optional(),
	type: word.optional(),
	severity: word.optional(),
	direction: word.optional(),
	q: z
		.string()
		.min(2)
		.max(200)
		.regex(/^[^\0]*$/, 'holds a NUL character')
		.optional()
		.meta({ description: 'text in summary, name, URL or malware, or an address' })
});
export type Filter = z.infer<typeof Filter>;

export { BY, type By };

/** `by=province,sector` */
export const Aggregates = Filter.extend({
	by: z
		.string()
		.max(100)
		.default('province')
		.transform((text, ctx) => {
			const list = [...new Set(text.split(',').map((s) => s.trim()))];
			const bad = list.find((s) => !(BY as readonly string[]).includes(s));
			if (bad !== undefined) ctx.addIssue({ code: 'custom', message: `"${bad}" is none of ${BY.join(', ')}` });
			return list as By[];
		})
		.meta({ description: `any of ${BY.join(', ')}, joined by commas` })
});

/** A page of `limit` rows after `cursor`. */
export const page = (max: number) => ({
	cursor: z.string().max(500).optional(),
	limit: z.coerce.number().int().min(1).max(max).default(Math.min(100, max))
});

/** A page of observations: `cursor` leads to older ones, `newer` to newer ones, `at` begins at a moment. */
export const Pages = (max: number) =>
	Filter.extend({
		...page(max),
		newer: z.string().max(500).optional().meta({ description: '`previous` of a page: those that are newer than it' }),
		at: z.iso
			.datetime({ offset: true })
			.optional()
			.meta({ description: 'where to begin: this moment, and what was before it' })
	}).refine((q) => [q.cursor, q.newer, q.at].filter((v) => v !== undefined).length < 2, {
		message: 'only one of cursor, newer and at says where to begin',
		path: ['cursor']
	});

/** A slice as a file. */
export const Exported = Filter.extend({
	format: z
		.enum(['csv', 'json', 'jsonl', 'stix', 'geojson'])
		.default('csv')
		.meta({ description: 'geojson: counts by province; all others: one observation each' })
});
