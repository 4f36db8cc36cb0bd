import { builtinModules } from 'node:module';
import ts from 'typescript';

/**
 * Who may import whom. Modules are named by their path from the project's root, with the ending; `why` of a finding is
 * a sentence about one import.
 */

/** One import as it stands in a file; `type` when nothing of it is left at run time. */
export type Import = { specifier: string; type: boolean };
/** One import with what it resolves to: a path of ours, or undefined for a package or a built-in module. */
export type Edge = { from: string; to: string | undefined; specifier: string; type: boolean };

/** An arrow is "may import"; each folder may import itself. */
const ARROWS: Record<string, string[]> = {
	core: [],
	wire: ['core'],
	ops: ['core'],
	picture: ['wire', 'core'],
	ui: ['picture', 'wire', 'core'],
	store: ['core', 'ops'],
	access: ['store', 'core', 'ops'],
	ingest: ['store', 'core', 'ops'],
	fetch: ['ingest', 'store', 'core', 'ops'],
	analysis: ['store', 'core', 'ops'],
	live: ['store', 'access', 'wire', 'core', 'ops'],
	share: ['store', 'access', 'core', 'ops'],
	// The composition root and the one place where its work is kept: `app.ts` and `shared.ts`.
	server: ['server', 'core', 'wire', 'ops', 'store', 'access', 'ingest', 'fetch', 'analysis', 'live', 'share'],
	exercise: ['core'],
	launch: []
};
/** These may import anything. `hooks.server.ts` and `hooks.client.ts` belong to the routes: all are what SvelteKit calls. */
const FREE = new Set(['routes', 'entry']);
const BUILTIN = new Set(builtinModules);

/** The folder, in the sense of the arrows, that a module belongs to; undefined for a file that no rule knows. */
export function home(path: string): string | undefined {
	const server = /^src\/lib\/server\/(?:(\w+)(?:\/|$)|[\w.]+\.ts$)/.exec(path);
	if (server) return server[1] ?? 'server';
	const lib = /^src\/lib\/(\w+)\//.exec(path);
	if (lib) return lib[1];
	if (path.startsWith('src/routes/') || /^src\/hooks\.(server|client)\.ts$/.test(path)) return 'routes';
	if (path === 'src/exercise/demo.ts') return 'entry';
	if (path.startsWith('src/exercise/')) return 'exercise';
	if (path === 'src/launch.cjs' || path.startsWith('src/launch/')) return 'launch';
	return /^src\/(main|engine|cli|cli\/\w+|app\.d)\.ts$/.test(path) ? 'entry' : undefined;
}

/** The imports of a source text: static, dynamic, re-exports, `require`, and types named by `import('…')`. */
export function imports(path: string, text: string): Import[] {
	if (!path.endsWith('.svelte')) return script(text);
	const scripts = [...text.matchAll(/<script\b[^>]*>([\s\S]*?)<\/script>/g)];
	const markup = text.replace(/<script\b[^>]*>[\s\S]*?<\/script>/g, '');
	return [
		...scripts.flatMap((m) => script(m[1] ?? '')),
		...[...markup.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g)].map((m) => ({ specifier: m[1]!, type: false }))
	];
}

function script(text: string): Import[] {
	const out: Import[] = [];
	const say = (node: ts.Node | undefined, type: boolean) => {
		if (node && ts.isStringLiteralLike(node)) out.push({ specifier: node.text, type });
	};
	const walk = (node: ts.Node): void => {
		if (ts.isImportDeclaration(node)) {
			const names = node.importClause?.namedBindings;
			const all =
				names &&
				ts.isNamedImports(names) &&
				!node.importClause?.name &&
				names.elements.length > 0 &&
				names.elements.every((e) => e.isTypeOnly);
			say(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword || all === true);
		} else if (ts.isExportDeclaration(node)) say(node.moduleSpecifier, node.isTypeOnly);
		else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) say(node.argument.literal, true);
		else if (
			ts.isCallExpression(node) &&
			(node.expression.kind === ts.SyntaxKind.ImportKeyword ||
				(ts.isIdentifier(node.expression) && node.expression.text === 'require'))
		)
			say(node.arguments[0], false);
		ts.forEachChild(node, walk);
	};
	walk(ts.createSourceFile('x.ts', text, ts.ScriptTarget.Latest));
	return out;
}

/** What a specifier names: one of `files`, or undefined when it is not ours. A path of ours that is missing is itself. */
export function resolve(from: string, specifier: string, files: ReadonlySet<string>): string | undefined {
	const path = specifier.startsWith('$lib/')
		? `src/lib/${specifier.slice(5)}`
		: specifier.startsWith('.')
			? join(from, specifier)
			: undefined;
	if (path === undefined || path.includes('/$types')) return undefined;
	const clean = path.replace(/\?.*$/, '');
	const found = [
		clean,
		`${clean}.ts`,
		`${clean}/index.ts`,
		`${clean}.svelte.ts`,
		`${clean}.cjs`,
		clean.replace(/\.js$/, '.ts')
	].find((p) => files.has(p));
	return found ?? clean;
}

function join(from: string, specifier: string): string {
	const parts = from.split('/').slice(0, -1);
	for (const part of specifier.split('/')) {
		if (part === '..') parts.pop();
		else if (part !== '.') parts.push(part);
	}
	return parts.join('/');
}

/** Everything about these imports that is not allowed, one sentence each. */
export function check(files: readonly string[], edges: readonly Edge[]): string[] {
	return [
		...files.flatMap(name),
		...edges.flatMap((e) => [...arrow(e), ...foreign(e)]),
		...browser(files, edges),
		...cycles(edges)
	];
}

function name(path: string): string[] {
	const bad = path.split('/').find((part) => /^(utils?|helpers?|common)(\.|$)/i.test(part));
	if (bad) return [`${path}: nothing is called ${bad}; what it holds stands beside its caller, or in core`];
	return home(path) || !/\.(ts|cjs|svelte)$/.test(path) ? [] : [`${path}: stands where no rule knows it`];
}

/** The arrows between folders. */
function arrow({ from, to }: Edge): string[] {
	if (to === undefined || !to.startsWith('src/'))
		return to === undefined || FREE.has(home(from) ?? '') || home(from) === 'launch'
			? []
			: [`${from} imports ${to}, outside src`];
	const [a, b] = [home(from), home(to)];
	if (a === b && a !== undefined) return [];
	if (b === 'routes') return [`${from} imports ${to}: nothing imports routes`];
	if (a === undefined || FREE.has(a) || (b !== undefined && ARROWS[a]?.includes(b))) return [];
	return [`${from} imports ${to}: ${a} may not import ${b ?? 'that'}`];
}

/** Packages that are for some only. */
function foreign({ from, to, specifier }: Edge): string[] {
	if (to !== undefined) return [];
	if (/^leaflet(\/|$)/.test(specifier) && !from.startsWith('src/lib/ui/map/'))
		return [`${from} imports ${specifier}: only ui/map does`];
	if (
		/^\$(app|env)\//.test(specifier) &&
		!FREE.has(home(from) ?? '') &&
		home(from) !== 'ui' &&
		home(from) !== 'picture'
	)
		return [`${from} imports ${specifier}: only routes, hooks and the browser do`];
	if (home(from) === 'launch' && !builtin(specifier) && specifier !== '@playwright/test')
		return [`${from} imports ${specifier}: it runs before anything is installed`];
	return [];
}

const builtin = (specifier: string): boolean => specifier.startsWith('node:') || BUILTIN.has(specifier.split('/')[0]!);

/** Server code, and what only Node.js has, that a browser would load. */
function browser(files: readonly string[], edges: readonly Edge[]): string[] {
	const by = values(edges);
	const out = new Set<string>();
	const starts = files.filter(
		(f) => /\.svelte(\.ts)?$/.test(f) || /\/\+(page|layout)\.ts$/.test(f) || /^src\/hooks\.client\.ts$/.test(f)
	);
	const seen = new Set<string>(starts);
	for (const queue = [...starts]; queue.length;) {
		const at = queue.pop()!;
		for (const e of by.get(at) ?? []) {
			if (e.to === undefined && builtin(e.specifier))
				out.add(`${e.from} imports ${e.specifier}, and the browser loads ${e.from}`);
			if (e.to === undefined || seen.has(e.to)) continue;
			if (e.to.startsWith('src/lib/server/') || /\.server\.ts$/.test(e.to))
				out.add(`${e.from} imports ${e.to}, and the browser loads ${e.from}`);
			else {
				seen.add(e.to);
				queue.push(e.to);
			}
		}
	}
	return [...out];
}

/** Rings of modules that need each other when they are loaded. A type is gone by then, so it makes no ring. */
function cycles(edges: readonly Edge[]): string[] {
	const by = values(edges);
	const state = new Map<string, 'open' | 'done'>();
	const out: string[] = [];
	const walk = (at: string, path: string[]): void => {
		state.set(at, 'open');
		for (const { to } of by.get(at) ?? []) {
			if (to === undefined) continue;
			if (state.get(to) === 'open') out.push(`a ring of imports: ${[...path.slice(path.indexOf(to)), to].join(' → ')}`);
			else if (!state.has(to)) walk(to, [...path, to]);
		}
		state.set(at, 'done');
	};
	for (const from of by.keys()) if (!state.has(from)) walk(from, [from]);
	return out;
}

function values(edges: readonly Edge[]): Map<string, Edge[]> {
	const by = new Map<string, Edge[]>();
	for (const e of edges) if (!e.type) by.set(e.from, [...(by.get(e.from) ?? []), e]);
	return by;
}
