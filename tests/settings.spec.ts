import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SETTINGS } from '../src/lib/server/ops/config';

const MiB = 1024 * 1024;

/** The rows of `docs/settings.md` as the code has them: name, default, what it is for. */
const wanted = Object.entries(SETTINGS).map(([name, { fallback, about, secret }]) => {
	const size = Number(fallback) >= MiB && Number(fallback) % MiB === 0 ? ` (${Number(fallback) / MiB} MiB)` : '';
	return [
		`\`${name}\``,
		fallback === undefined ? 'none' : `\`${fallback}\`${size}`,
		secret ? `${about} Secret.` : about
	];
});

test('every setting stands in docs/settings.md with its default and what it is for, and no other does', () => {
	const page = readFileSync(new URL('../docs/settings.md', import.meta.url), 'utf8');
	const rows = page
		.split('\n')
		.filter((line) => /^\| *`[A-Z_]+`/.test(line))
		.map((line) =>
			line
				.split('|')
				.slice(1, -1)
				.map((cell) => cell.trim())
		);
	expect(rows).toEqual(wanted);
});
