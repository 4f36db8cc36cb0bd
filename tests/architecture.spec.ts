import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { check, imports, resolve, type Edge } from './architecture';

const root = join(import.meta.dirname, '..');
const files = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
	.filter((f) => f.isFile() && /\.(ts|cjs|js|svelte)$/.test(f.name) && !f.name.endsWith('.spec.ts'))
	.map((f) => relative(root, join(f.parentPath, f.name)))
	.sort();
const known = new Set(files);
const edges = files.flatMap((from) =>
	imports(from, readFileSync(join(root, from), 'utf8')).map((i): Edge => ({
		from,
		to: resolve(from, i.specifier, known),
		...i
	}))
);

describe('the source tree', () => {
	it('imports only along the arrows, in no ring, and keeps the server out of the browser', () => {
		expect(check(files, edges)).toEqual([]);
	});

	it('gives each advisory lock of the database a number of its own', () => {
		const locks = files.flatMap((file) => readFileSync(join(root, file), 'utf8').match(/\b7_?407_?\d{3}\b/g) ?? []);
		const numbers = locks.map((n) => n.replaceAll('_', ''));
		expect(numbers.length).toBeGreaterThan(8);
		expect(numbers.filter((n, i) => numbers.indexOf(n) !== i)).toEqual([]);
	});

	it('was read as a whole: its entries, its components and their imports are there', () => {
		expect(files).toContain('src/main.ts');
		expect(edges).toContainEqual({
			from: 'src/lib/server/app.ts',
			to: 'src/lib/server/store/client.ts',
			specifier: './store/client',
			type: false
		});
		expect(edges.filter((e) => e.from.endsWith('.svelte') && e.to?.startsWith('src/lib/')).length).toBeGreaterThan(20);
		expect(
			edges.filter((e) => e.to?.startsWith('src/') && !known.has(e.to) && !e.to.endsWith('.css')),
			'imports of files that are not there'
		).toEqual([]);
	});
});

describe('the check of the source tree', () => {
	const edge = (from: string, specifier: string, type = false): Edge => ({
		from,
		specifier,
		type,
		to: resolve(from, specifier, new Set())
	});
	/** What is found in one import of a file. */
	const found = (from: string, specifier: string, type = false) => check([from], [edge(from, specifier, type)]);
	const wrong: [string, string, boolean?][] = [
		['src/lib/core/tlp.ts', '$lib/wire/live'],
		['src/lib/core/tlp.ts', '../server/store/log', true],
		['src/lib/wire/live.ts', '$lib/picture/live'],
		['src/lib/picture/live.ts', '$lib/ui/base/number'],
		['src/lib/server/ops/log.ts', '../store/client'],
		['src/lib/server/store/incident.ts', '$lib/wire/incident'],
		['src/lib/server/store/log.ts', '../access'],
		['src/lib/server/access/token.ts', '../live/live'],
		['src/lib/server/ingest/ingest.ts', '../live/live', true],
		['src/lib/server/ingest/ingest.ts', '../access'],
		['src/lib/server/ingest/ingest.ts', '../fetch'],
		['src/lib/server/fetch/run.ts', '../access'],
		['src/lib/server/fetch/run.ts', '../live/live'],
		['src/lib/server/live/live.ts', '../ingest/ingest'],
		['src/lib/server/live/live.ts', '../analysis/posture'],
		['src/lib/server/analysis/posture.ts', '../live/memory'],
		['src/lib/server/share/export.ts', '../live/memory'],
		['src/lib/server/share/export.ts', '$lib/picture/screen'],
		['src/lib/server/live/live.ts', '$lib/ui/base/number', true],
		['src/lib/server/store/log.ts', '../app', true],
		['src/lib/server/app.ts', '$lib/picture/screen'],
		['src/lib/server/app.ts', '../../routes/desk'],
		['src/lib/ui/base/number.ts', '../../../routes/desk', true],
		['src/main.ts', './routes/desk'],
		['src/exercise/stream.ts', '../lib/server/app'],
		['src/launch/run.cjs', '../cli'],
		['src/launch/run.cjs', 'zod'],
		['src/routes/wall/+page.svelte', 'leaflet'],
		['src/lib/ui/chart/axis.ts', 'leaflet', true],
		['src/lib/server/app.ts', '$app/environment'],
		['src/lib/core/tlp.ts', '$env/static/private'],
		['src/routes/wall/+page.svelte', '$lib/server/store/log'],
		['src/routes/wall/+page.ts', 'node:fs'],
		['src/lib/picture/live.svelte.ts', 'fs/promises'],
		['src/lib/ui/base/utils.ts', './number'],
		['src/lib/core/common/tlp.ts', './number'],
		['src/elsewhere/tlp.ts', '$lib/core/tlp']
	];
	it.each(wrong)('refuses that %s imports %s', (from, specifier, type) => {
		expect(found(from, specifier, type)).not.toEqual([]);
	});

	it.each([
		['src/lib/server/live/live.ts', '../access'],
		['src/lib/server/ingest/ingest.ts', '../ops/log'],
		['src/lib/server/fetch/run.ts', '../ingest/ingest'],
		['src/lib/ui/map/leaflet.ts', 'leaflet'],
		['src/lib/ui/base/Nav.svelte', '$app/state'],
		['src/lib/server/store/log.ts', 'node:fs'],
		['src/routes/api/v1/levels/+server.ts', '$lib/server/store/level'],
		['src/routes/area/Area.svelte', './area'],
		['src/hooks.server.ts', './routes/api/problem'],
		['src/exercise/demo.ts', '../lib/server/app'],
		['src/main.ts', './lib/server/app']
	])('allows that %s imports %s', (from, specifier) => {
		expect(found(from, specifier)).toEqual([]);
	});

	it('follows what a page imports to the server code behind it, but not what a server file imports', () => {
		const list = [
			edge('src/routes/wall/+page.svelte', './a.ts'),
			edge('src/routes/wall/a.ts', './b.ts'),
			edge('src/routes/wall/b.ts', '$lib/server/store/log.ts')
		];
		expect(check([list[0]!.from], list)).toEqual([
			'src/routes/wall/b.ts imports src/lib/server/store/log.ts, and the browser loads src/routes/wall/b.ts'
		]);
		expect(
			check(
				[list[0]!.from],
				list.map((e) => (e === list[1] ? { ...e, type: true } : e))
			)
		).toEqual([]);
		expect(
			check(['src/routes/wall/+page.server.ts'], [edge('src/routes/wall/+page.server.ts', '$lib/server/store/log')])
		).toEqual([]);
	});

	it('finds a ring, also a long one, and lets types make one', () => {
		const ring = (type: boolean) =>
			['a', 'b', 'c'].map((n, i, all) => edge(`src/lib/core/${n}.ts`, `./${all[(i + 1) % 3]}.ts`, type));
		expect(check([], ring(false))).toEqual([
			'a ring of imports: src/lib/core/a.ts → src/lib/core/b.ts → src/lib/core/c.ts → src/lib/core/a.ts'
		]);
		expect(check([], ring(true))).toEqual([]);
		expect(check([], [edge('src/lib/core/a.ts', './a.ts')])).toHaveLength(1);
	});

	it('reads every way to import', () => {
		const text = `import a from 'a'; import 'b'; import type { C } from 'c'; import { type D } from 'd'; import { type E, e } from 'e';
			export * from 'f'; export type { G } from 'g'; const h = await import('h'); let i: import('i').I; const j = require('j'); // import 'k'
			const l = "import 'l'";`;
		expect(imports('x.ts', text)).toEqual(
			[
				['a', false],
				['b', false],
				['c', true],
				['d', true],
				['e', false],
				['f', false],
				['g', true],
				['h', false],
				['i', true],
				['j', false]
			].map(([specifier, type]) => ({ specifier, type }))
		);
		const page = `<script module lang="ts">import a from 'a';</script>\n<script lang="ts">\n import type { B } from 'b';\n</script>\n{#await import('c') then c}{/await}`;
		expect(imports('X.svelte', page)).toEqual([
			{ specifier: 'a', type: false },
			{ specifier: 'b', type: true },
			{ specifier: 'c', type: false }
		]);
	});
});
