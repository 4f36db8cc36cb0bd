'use strict';

const { existsSync } = require('node:fs');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');
const { build, install, root } = require('./ready.cjs');

/** What each command runs: the built file, and what goes before the arguments. */
const targets = {
	serve: ['main.js', 'serve'],
	demo: ['cli.js', 'demo'],
	cli: ['cli.js'],
	bench: ['bench.js'],
	screens: ['screens.js']
};

/** @param {string | undefined} command @param {string[]} args */
exports.run = async function run(command, args) {
	try {
		if (command === 'test') {
			await install(true);
			process.exitCode = await require('./test.cjs').test(args);
			return;
		}
		const [file, ...first] = targets[command] ?? [];
		if (!file) throw new Error(`No such command: ${command}. There are ${Object.keys(targets).join(', ')} and test.`);
		await install(command === 'bench' || command === 'screens');
		await build();
		const path = join(root, 'build', file);
		if (!existsSync(path)) throw new Error(`The build made no ${file}: npm run build shows why.`);
		// In this process, so that a signal reaches it directly and a command starts at once.
		process.env.NODE_ENV ??= 'production';
		process.argv = [process.execPath, path, ...first, ...args];
	} catch (e) {
		console.error(e.message);
		process.exit(1);
	}
	await import(pathToFileURL(process.argv[1]).href);
};
