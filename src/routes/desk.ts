import { error, fail, redirect } from '@sveltejs/kit';
import { isProblem } from '$lib/core/error';
import type { Rules } from '$lib/server/store/incident';
import { may, type Right } from '$lib/core/viewer';

/**
 * Who sits at the desk, and what the page stands on; `seat` is of the viewer what the browser may know. Nobody: to the
 * sign-in, and back here afterwards.
 * @throws the redirect, or 403 when the role lacks the right
 */
export function enter(event: { locals: App.Locals; url: URL }, right: Right) {
	const { app, viewer } = event.locals;
	if (!viewer) redirect(303, `/login?next=${encodeURIComponent(event.url.pathname + event.url.search)}`);
	if (!may(viewer, right)) error(403, 'Your role does not open this screen.');
	const { name, role, clearance, sectors, provinces } = viewer;
	return { app, viewer, seat: { name, role, clearance, sectors, provinces } };
}

/** What the store checks a case against. */
export const rules = (app: App.Locals['app']): Rules => ({
	reference: app.reference,
	prefix: app.config.WATCHFLOOR_INCIDENT_PREFIX,
	exercise: app.mode === 'exercise'
});

/** A read for a page: a problem of ours becomes the page's error, with its status and its words. */
export async function read<T>(work: Promise<T>): Promise<T> {
	try {
		return await work;
	} catch (e) {
		if (isProblem(e)) error(e.status, e.message);
		throw e;
	}
}

/** A form's work: a problem of ours becomes its failure, with what was entered, so that nothing has to be typed twice. */
export async function act<T, V extends Record<string, unknown>>(work: () => Promise<T>, entered: V) {
	try {
		return { done: await work() };
	} catch (e) {
		if (isProblem(e)) return { failure: fail(e.status, { message: e.message, code: e.code, ...entered }) };
		throw e;
	}
}

/** The trimmed texts of a form or an address by name; a file is no text. */
export function texts<const N extends string>(
	from: FormData | URLSearchParams,
	names: readonly N[]
): Record<N, string> {
	const text = (name: N) => {
		const value = from.get(name);
		return typeof value === 'string' ? value.trim() : '';
	};
	return Object.fromEntries(names.map((name) => [name, text(name)])) as Record<N, string>;
}
