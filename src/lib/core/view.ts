import { z } from 'zod';
import { TLPS } from './tlp';
import type { Right } from './viewer';

/** Screens whose slices can be saved, by the first part of their path, and the right that opens them. */
const SCREENS = new Map<string, Right>([
	['observations', 'observation.read'],
	['sectors', 'picture.read'],
	['provinces', 'picture.read'],
	['posture', 'picture.read'],
	['wall', 'picture.read'],
	['incidents', 'incident.read'],
	['alarms', 'alarm.read'],
	['campaigns', 'campaign.read'],
	['indicators', 'indicator.read'],
	['outbound', 'outbound.read'],
	['constituents', 'constituent.read'],
	['sources', 'source.read'],
	['quarantine', 'quarantine.read']
]);

/** The right that opens a screen of ours; undefined when a path is none. */
export function screen(path: string): Right | undefined {
	return /^\/[a-z]+(\/[A-Za-z0-9-]{1,64}){0,2}$/.test(path) ? SCREENS.get(path.split('/')[1]!) : undefined;
}

/** A query string as we write it, without `?`; undefined when it is none that a screen of ours could have. */
export function query(text: string): string | undefined {
	const given = new URLSearchParams(text);
	const good = [...given].every(([key, value]) => /^[a-z][a-z0-9_.-]{0,39}$/i.test(key) && !value.includes('\0'));
	return good ? given.toString() : undefined;
}

/** What is saved: a name, and the address of a slice. */
export const New = z.strictObject({
	name: z
		.string({ error: () => 'is a text' })
		.trim()
		.min(1, 'is missing')
		.max(80, 'has more than 80 characters')
		.regex(/^[^\p{Cc}]*$/u, 'holds a control character'),
	path: z
		.string()
		.max(200)
		.refine((path) => screen(path) !== undefined, 'is no path of a screen, such as /observations'),
	params: z
		.string()
		.max(2000, 'has more than 2000 characters')
		.default('')
		.transform((text, ctx) => {
			const out = query(text);
			if (out === undefined) ctx.addIssue({ code: 'custom', message: 'is no query string of a screen' });
			return out ?? '';
		}),
	shared: z.boolean().default(false),
	/** who else may see it, where it is shared: from this clearance on; without it, from one's own on */
	tlp: z.enum(TLPS).optional()
});
export type New = z.input<typeof New>;

/** A saved view as screens show it; `created` is epoch seconds. */
export type View = {
	id: number;
	name: string;
	/** whose it is */
	by: string;
	mine: boolean;
	path: string;
	params: string;
	/** where it leads to: one of our own addresses */
	href: string;
	shared: boolean;
	tlp: (typeof TLPS)[number];
	created: number;
};
