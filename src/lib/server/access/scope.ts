import { z } from 'zod';
import { forbidden, invalid } from '$lib/core/error';
import { parse, rank, TLPS, type Tlp } from '$lib/core/tlp';
import { may, ROLES, type Role, type Viewer } from '$lib/core/viewer';
import type { Reference } from '../store/reference';

/** What someone is given: a role, a clearance (highest TLP) and a scope; an absent part of the scope means all. */
export type Rights = { role: Role; clearance: Tlp; sectors: string[] | null; provinces: string[] | null };

const list = z
	.array(z.string().trim().min(1))
	.min(1, 'names nothing: leave it out to give all')
	.max(64)
	.nullish()
	.transform((names) => names ?? null);

/** Fields of an input that gives rights; a clearance may be written `TLP:AMBER`, `amber` or `WHITE`. */
export const shape = {
	role: z.enum(ROLES, { error: () => `is one of ${ROLES.join(', ')}` }),
	clearance: z.string().transform((text, ctx): Tlp => {
		const tlp = parse(text);
		if (tlp) return tlp;
		ctx.addIssue({ code: 'custom', message: `is one of ${TLPS.join(', ')}` });
		return z.NEVER;
	}),
	sectors: list,
	provinces: list
};

/**
 * Parses an input of a write.
 * @throws Problem `invalid` with one clear sentence and the path of the first thing that is wrong
 */
export function read<T extends z.ZodType>(schema: T, input: unknown): z.output<T> {
	const parsed = schema.safeParse(input);
	if (parsed.success) return parsed.data;
	const issue = parsed.error.issues[0];
	const path = issue?.path.join('.') ?? '';
	throw invalid(path ? `${path} ${issue?.message ?? 'is wrong'}.` : `${issue?.message ?? 'The input is wrong'}.`, {
		path
	});
}

/**
 * Brings every spelling of a sector or province to its code.
 * @throws Problem `invalid` that names the unknown one and those that exist
 */
export function resolve(reference: Reference, rights: Rights): Rights {
	const codes = (names: string[] | null, known: Map<string, string>, what: string, all: string[]) =>
		names &&
		[
			...new Set(
				names.map((name) => {
					const code = known.get(name.toLowerCase());
					if (!code)
						throw invalid(`${name} is no ${what}; known are ${all.join(', ')}.`, { path: `${what}s`, value: name });
					return code;
				})
			)
		].sort();
	return {
		...rights,
		sectors: codes(
			rights.sectors,
			reference.sector,
			'sector',
			reference.sectors.map((s) => s.slug)
		),
		provinces: codes(
			rights.provinces,
			reference.province,
			'province',
			reference.provinces.map((p) => p.code)
		)
	};
}

/**
 * Whether the actor may manage access at all, and may give these rights: nobody gives more than they have.
 * @throws Problem `forbidden`
 */
export function authorise(actor: Viewer, given?: Rights): void {
	if (!may(actor, 'access.manage')) throw forbidden();
	if (!given) return;
	const within = (own: string[] | null, wanted: string[] | null) =>
		!own || (wanted !== null && wanted.every((w) => own.includes(w)));
	if (rank(given.clearance) > rank(actor.clearance))
		throw forbidden('You cannot give a higher clearance than your own.');
	if (!within(actor.sectors, given.sectors) || !within(actor.provinces, given.provinces))
		throw forbidden('You cannot give a wider scope than your own.');
}
