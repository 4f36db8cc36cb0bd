import { invalidate } from '$app/navigation';
import { navigating } from '$app/state';

/**
 * Reads again what a page has from the server under this name. Not while somebody is on the way to another page, which
 * reads all it needs: the framework would take this for the newer wish, and the way would end here.
 */
export const reread = async (name: string): Promise<void> => {
	if (!navigating.to) await invalidate(name);
};
