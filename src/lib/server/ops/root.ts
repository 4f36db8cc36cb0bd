import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that the product was started from: the nearest one above this file, built or not, that holds `drizzle`. */
export function folder(from = dirname(fileURLToPath(import.meta.url))): string {
	for (let dir = from; ; dir = dirname(dir)) {
		if (existsSync(join(dir, 'drizzle', 'meta'))) return dir;
		if (dir === dirname(dir))
			throw new Error('The folder drizzle/ with the migrations is missing; it belongs beside package.json.');
	}
}
