import type { Viewer } from '$lib/core/viewer';
import type { Db } from '../store/client';
import { audit } from '../store/schema';

/** The command line on the server's own machine: whoever can run it owns the database anyway. */
export const CLI: Viewer = {
	id: 'cli',
	name: 'Command line',
	role: 'admin',
	clearance: 'red',
	sectors: null,
	provinces: null
};

/**
 * Records who did what to whom, in the transaction of the change itself, so that neither exists without the other.
 * @param detail what was given or taken; never a secret
 */
export async function write(
	tx: Pick<Db, 'insert'>,
	actor: Pick<Viewer, 'id'>,
	action: string,
	subject: string,
	detail: Record<string, unknown> = {}
): Promise<void> {
	await tx.insert(audit).values({ actor: actor.id, action, subject, detail });
}
