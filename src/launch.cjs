/* eslint-disable no-var -- an old Node.js must be able to read this file, to be told that it is too old */
'use strict';

// What every npm script goes through: `node src/launch.cjs serve|demo|cli|bench|screens|test …`. It makes sure that Node.js
// is new enough, that the packages are installed and that the build is not older than the sources, and then runs the
// command in this very process. What it has to say goes to stderr: stdout belongs to the command.

var wanted = require('../package.json').engines.node;
var have = process.versions.node.split('.').map(Number);

/** Whether this Node.js satisfies one alternative of the range: `^20.19.0` or `>=24.0.0`. */
function satisfies(range) {
	var match = /^(\^|>=)(\d+)\.(\d+)/.exec(range);
	if (!match) return false;
	var major = Number(match[2]);
	if (have[0] === major) return have[1] >= Number(match[3]);
	return match[1] === '>=' && have[0] > major;
}

if (!wanted.split(' || ').some(satisfies)) {
	console.error(
		'Watchfloor needs Node.js ' +
			wanted +
			'; this is ' +
			process.versions.node +
			': install a newer one from https://nodejs.org.'
	);
	process.exit(1);
}

require('./launch/run.cjs').run(process.argv[2], process.argv.slice(3));
