import type { Viewer } from '$lib/core/viewer';
import type { Grant } from '$lib/server/access';
import type { App as Watchfloor } from '$lib/server/app';

declare global {
	namespace App {
		interface Locals {
			app: Watchfloor;
			/** what the request may be: a source, a viewer, or a stranger (null) */
			grant: Grant | null;
			/** who is looking; null for strangers and for sources */
			viewer: Viewer | null;
			/** names this request in the log; a person is told it when something goes wrong */
			id: string;
		}
		interface Error {
			message: string;
			id?: string;
			/** the server was not reached at all */
			offline?: true;
		}
	}
}

export {};
