/// <reference types="vitest/config" />
import { sveltekit } from '@sveltejs/kit/vite';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
/** The process entries beside SvelteKit's own bundle: `vite build --mode node`. */
const ENTRIES = {
	main: 'src/main.ts',
	engine: 'src/engine.ts',
	cli: 'src/cli.ts',
	bench: 'tests/bench/main.ts',
	screens: 'tests/screens/main.ts'
};

export default defineConfig(({ mode }) =>
	mode === 'node'
		? {
				resolve: { alias: { $lib: here('src/lib') } },
				publicDir: false,
				build: {
					ssr: true,
					target: 'node20',
					outDir: 'build',
					emptyOutDir: false,
					sourcemap: true,
					rollupOptions: {
						input: Object.fromEntries(Object.entries(ENTRIES).filter(([, file]) => existsSync(here(file)))),
						output: { entryFileNames: '[name].js', chunkFileNames: 'node/[name]-[hash].js' }
					}
				}
			}
		: {
				plugins: [sveltekit()],
				build: { target: 'es2022' },
				test: {
					include: ['src/**/*.spec.ts', 'tests/*.spec.ts', 'tests/contract/**/*.spec.ts'],
					globalSetup: 'tests/database.ts',
					testTimeout: 120_000,
					hookTimeout: 120_000,
					pool: 'forks',
					maxWorkers: 2
				}
			}
);
