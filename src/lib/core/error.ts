/**
 * The one small error hierarchy. `code` is what programs read, `status` its HTTP answer, `message` is for a person.
 * `detail` holds what else the answer may show (a path in a record, a limit); it is never a secret.
 */
export class Problem extends Error {
	constructor(
		readonly code: string,
		readonly status: number,
		message: string,
		readonly detail: Record<string, unknown> = {}
	) {
		super(message);
		this.name = 'Problem';
	}
}

export const invalid = (message: string, detail?: Record<string, unknown>) =>
	new Problem('invalid', 400, message, detail);
export const unauthenticated = (message = 'Sign in, or send a token.') => new Problem('unauthenticated', 401, message);
export const forbidden = (message = 'Your role does not allow this.') => new Problem('forbidden', 403, message);
export const missing = (what: string) =>
	new Problem('not_found', 404, `${what} does not exist, or you may not see it.`);
export const conflict = (message: string, detail?: Record<string, unknown>) =>
	new Problem('conflict', 409, message, detail);
export const busy = (message: string, retryAfter: number) => new Problem('busy', 429, message, { retryAfter });

/** Whether something thrown is one of ours, also when it comes from another bundle's copy of this class. */
export const isProblem = (e: unknown): e is Problem =>
	e instanceof Error && e.name === 'Problem' && 'code' in e && 'status' in e;
