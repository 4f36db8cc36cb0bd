import { defineConfig, globalIgnores } from 'eslint/config';
import svelte from 'eslint-plugin-svelte';
import ts from 'typescript-eslint';
import config from './svelte.config.js';

const unused = [
	'error',
	{ argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none', ignoreRestSiblings: true }
];

export default defineConfig(
	globalIgnores([
		'build/',
		'.svelte-kit/',
		'node_modules/',
		'static/',
		'drizzle/',
		'.data/',
		'.demo/',
		'coverage/',
		'test-results/',
		'playwright-report/',
		'bench-results/'
	]),
	ts.configs.recommended,
	svelte.configs.recommended,
	{
		linterOptions: { reportUnusedDisableDirectives: 'error' },
		rules: {
			// The compiler knows which names exist, also those of the browser.
			'no-undef': 'off',
			'no-var': 'error',
			'prefer-const': 'error',
			eqeqeq: ['error', 'always', { null: 'ignore' }],
			'no-control-regex': 'error',
			'no-eval': 'error',
			'no-implied-eval': 'error',
			'no-new-func': 'error',
			'@typescript-eslint/no-explicit-any': 'error',
			'@typescript-eslint/ban-ts-comment': 'error',
			'@typescript-eslint/no-unused-vars': unused,
			'@typescript-eslint/consistent-type-imports': [
				'error',
				{ fixStyle: 'inline-type-imports', prefer: 'type-imports' }
			]
		}
	},
	{
		files: ['**/*.svelte', '**/*.svelte.ts'],
		languageOptions: { parserOptions: { extraFileExtensions: ['.svelte'], parser: ts.parser, svelteConfig: config } },
		rules: {
			'prefer-const': 'off', // `$props()` and `$state()` are written with let
			'svelte/prefer-const': 'off',
			'svelte/no-at-html-tags': 'error',
			'svelte/require-each-key': 'error',
			'svelte/no-target-blank': 'error',
			// The product is served at the root of its address; `resolve()` would say the same.
			'svelte/no-navigation-without-resolve': 'off',
			// A Map that is made anew with each derivation needs no reactivity of its own.
			'svelte/prefer-svelte-reactivity': 'off',
			'svelte/no-useless-mustaches': 'off', // `{' '}` is the space that the formatter would eat
			// `{#if a}, {(b, c)}`: reading a signal for its effect is how a derivation says what it follows.
			'@typescript-eslint/no-unused-expressions': 'off'
		}
	},
	{
		files: ['src/**/*.ts', 'tests/**/*.ts'],
		ignores: ['**/*.svelte.ts'],
		languageOptions: { parserOptions: { projectService: true } },
		rules: {
			'@typescript-eslint/no-floating-promises': 'error',
			'@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
			'@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }]
		}
	},
	{
		// Text from feeds is text.
		files: ['src/lib/ui/**', 'src/routes/**'],
		rules: {
			'no-restricted-properties': [
				'error',
				{ property: 'innerHTML', message: 'Text is text: let Svelte write it.' },
				{ property: 'outerHTML', message: 'Text is text: let Svelte write it.' },
				{ property: 'insertAdjacentHTML', message: 'Text is text: let Svelte write it.' }
			]
		}
	},
	{
		// Must run before anything is installed, on whatever Node.js is there.
		files: ['src/launch.cjs', 'src/launch/*.cjs'],
		languageOptions: { sourceType: 'commonjs' },
		rules: { '@typescript-eslint/no-require-imports': 'off', 'svelte/no-inner-declarations': 'off' }
	}
);
