import { z } from 'zod';
import { STATUSES } from './incident';
import { LEVELS } from './severity';
import { parse } from './tlp';

/** What a person may say about a case or the national level: parsed by the verbs that write it, and described on the wire from the same schemas. */

export const Tlp = z.string().transform((text, ctx) => {
	const tlp = parse(text);
	if (!tlp) ctx.addIssue({ code: 'custom', message: 'is not a TLP label: clear, green, amber, amber+strict or red' });
	return tlp ?? z.NEVER;
});
const line = (max: number) =>
	z
		.string()
		.trim()
		.min(1)
		.max(max)
		.regex(/^[^\0]*$/, 'holds a NUL character');
const text = (max: number) =>
	z
		.string()
		.trim()
		.max(max)
		.regex(/^[^\0]*$/, 'holds a NUL character');
const slug = z.string().max(64).nullable();

const fields = {
	title: line(200),
	summary: text(10_000),
	type: z.string().max(64),
	severity: z.enum(LEVELS),
	status: z.enum(STATUSES),
	sector: slug,
	province: slug,
	team: slug,
	tlp: Tlp
};

/** A new case. `opened` (ISO 8601) is taken only in an exercise. */
export const New = z.strictObject({
	...fields,
	summary: fields.summary.default(''),
	severity: fields.severity.default('medium'),
	status: fields.status.default('new'),
	sector: slug.default(null),
	province: slug.default(null),
	team: slug.default(null),
	tlp: z.union([Tlp]).default('amber'),
	opened: z.iso.datetime({ offset: true }).optional()
});
export type New = z.input<typeof New>;

/** A change of a case; only what is given changes. `note` is kept in the history. */
export const Change = z.strictObject({ ...fields, note: text(10_000) }).partial();
export type Change = z.input<typeof Change>;

const reason = text(1000).min(1, 'say why: everybody who sees the level reads it');

/** What a person says who declares a level. `over` is the number of the one that they saw; null: none; absent: they did not look. */
export const Declare = z.strictObject({
	level: z.enum(LEVELS),
	reason,
	until: z.iso.datetime({ offset: true }),
	over: z.number().int().nullable().optional()
});
export type Declare = z.input<typeof Declare>;

/** What a person says who takes the level back; `over` as above. */
export const Withdraw = z.strictObject({ reason, over: z.number().int().nullable().optional() });
export type Withdraw = z.input<typeof Withdraw>;
