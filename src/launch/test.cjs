'use strict';

const { spawnSync } = require('node:child_process');
const { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { build, root, start } = require('./ready.cjs');

/** What `--only` selects. */
const parts = ['lint', 'unit', 'e2e'];

/**
 * Runs every test there is, also after one has failed, and ends with one line that counts them all.
 * @param {string[]} args `--only lint|unit|e2e`, and for unit and e2e whatever their runner understands
 * @returns {Promise<number>} the exit code
 */
exports.test = async function test(args) {
	const at = args.indexOf('--only');
	const only = at < 0 ? null : args.splice(at, 2)[1];
	if (only !== null && !parts.includes(only)) throw new Error(`--only takes one of ${parts.join(', ')}.`);
	if (only === null && args.length)
		throw new Error(`Say which tests ${args.join(' ')} is for, with --only unit or --only e2e.`);
	const wants = (part) => only === null || only === part;
	const out = mkdtempSync(join(tmpdir(), 'watchfloor-test-'));
	const sum = { passed: 0, failed: 0, skipped: 0 };
	const count = (more) => Object.keys(sum).forEach((key) => (sum[key] += more[key] ?? 0));
	const step = async (title, work) => {
		console.log(`\n# ${title}`);
		try {
			count(await work());
		} catch (e) {
			console.error(e.message);
			count({ failed: 1 });
		}
	};
	try {
		if (wants('lint')) {
			await step('lint', () => script('lint'));
			await step('types', () => script('check'));
		}
		if (only !== 'lint') await step('build', () => build().then(() => ({})));
		if (wants('unit')) await step('unit', () => unit(join(out, 'unit.json'), args));
		if (wants('e2e')) await step('end to end', () => ends(join(out, 'e2e.json'), args));
	} finally {
		rmSync(out, { recursive: true, force: true });
	}
	console.log(`\n${sum.passed} passed, ${sum.failed} failed${sum.skipped ? `, ${sum.skipped} skipped` : ''}`);
	return sum.failed ? 1 : 0;
};

async function script(name) {
	const own = process.env.npm_execpath;
	const args = ['run', '-s', name];
	const code = await start(own ? process.execPath : 'npm', own ? [own, ...args] : args, { stdio: 'inherit' });
	return code === 0 ? { passed: 1 } : { failed: 1 };
}

async function unit(file, args) {
	const options = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`, ...args];
	const code = await start(bin('vitest'), options, { stdio: 'inherit' });
	const report = read(file);
	if (!report) return { failed: 1 };
	// A file that cannot even be loaded has no tests to count.
	const broken = report.testResults.filter(
		(one) => one.status === 'failed' && !one.assertionResults.some((a) => a.status === 'failed')
	).length;
	return noted(code, {
		passed: report.numPassedTests,
		failed: report.numFailedTests + broken,
		skipped: report.numPendingTests + report.numTodoTests
	});
}

async function ends(file, args) {
	if (!readdirSync(root).some((name) => name.startsWith('playwright.config.')))
		throw new Error('There is no playwright.config.ts.');
	const env = { ...process.env, WATCHFLOOR_BROWSER: await browser(), PLAYWRIGHT_JSON_OUTPUT_NAME: file };
	const code = await start(bin('playwright'), ['test', '--reporter=list,json', ...args], { stdio: 'inherit', env });
	const report = read(file);
	if (!report) return { failed: 1 };
	const { expected, flaky, unexpected, skipped } = report.stats;
	return noted(code, {
		passed: expected + flaky,
		failed: unexpected + (unexpected ? 0 : report.errors.length),
		skipped
	});
}

/** A runner that fails without a failed test has failed all the same. */
function noted(code, counts) {
	return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

function bin(name) {
	return join(root, 'node_modules', '.bin', name);
}

function read(file) {
	try {
		return JSON.parse(readFileSync(file, 'utf8'));
	} catch {
		return null;
	}
}

/** The path of a Chromium: one that is there, or one that is installed now. */
async function browser() {
	const found = installed();
	if (found) return found;
	console.error('Installing a browser for the tests (first time only) …');
	const run = (program, args) => start(program, args, { stdio: ['ignore', 2, 2] }).catch(() => 1);
	if (process.getuid?.() === 0 && spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status === 0) {
		await run('apt-get', ['update']);
		await run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium']);
	}
	if (!installed()) await run(bin('playwright'), ['install', 'chromium']);
	const path = installed();
	if (!path)
		throw new Error(
			'The end-to-end tests need a Chromium and none could be installed: install one and set CHROMIUM_PATH.'
		);
	return path;
}

function installed() {
	const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
	const apps = ['Google Chrome', 'Chromium'].map((app) => `/Applications/${app}.app/Contents/MacOS/${app}`);
	const own = () => require('@playwright/test').chromium.executablePath();
	return [process.env.CHROMIUM_PATH, ...names.map((name) => `/usr/bin/${name}`), ...apps, own()].find(
		(path) => path && existsSync(path)
	);
}
