import { describe, expect, it } from 'vitest';
import { isProblem } from '$lib/core/error';
import { read, SETTINGS } from './config';

const wrong = (env: Record<string, string>): string[] => {
	try {
		read(env);
		return [];
	} catch (e) {
		if (!isProblem(e)) throw e;
		expect(e.code).toBe('configuration');
		return e.message.split('\n');
	}
};

describe('the settings', () => {
	it('need nothing, and have the defaults of the design', () => {
		expect(read({})).toMatchObject({
			PORT: 3000,
			HOST: '127.0.0.1',
			WATCHFLOOR_DATA: '.data',
			WATCHFLOOR_KEEP_OBSERVATIONS: 400 * 86_400,
			WATCHFLOOR_KEEP_MINUTES: 14 * 86_400,
			WATCHFLOOR_KEEP_LOG: 72 * 3600,
			WATCHFLOOR_MAX_BODY: 64 * 1024 * 1024
		});
		expect(read({}).DATABASE_URL).toBeUndefined();
	});

	it('take an empty variable for an absent one, and leave alone what is not ours', () => {
		expect(read({ PORT: '', DATABASE_URL: '', PATH: '/bin', HOME: '' }).PORT).toBe(3000);
	});

	it.each([
		['PORT', 'http'],
		['PORT', '65536'],
		['PORT', '-1'],
		['PORT', '0x10'],
		['PORT', '1e3'],
		['ORIGIN', 'watchfloor.example'],
		['ORIGIN', 'ftp://watchfloor.example'],
		['DATABASE_URL', 'mysql://root@db/x'],
		['WATCHFLOOR_SECRET', 'short'],
		['WATCHFLOOR_KEEP_OBSERVATIONS', '400'],
		['WATCHFLOOR_KEEP_MINUTES', 'two weeks'],
		['WATCHFLOOR_KEEP_HOURS', '-1d'],
		['WATCHFLOOR_KEEP_LOG', '10ms'],
		['WATCHFLOOR_QUERY_TIMEOUT', '5 parsecs'],
		['WATCHFLOOR_MAX_BODY', '64MB'],
		['WATCHFLOOR_MAX_RECORD', '1'],
		['WATCHFLOOR_POOL', '1'],
		['WATCHFLOOR_MAX_AUDIENCES', '0'],
		['WATCHFLOOR_REPLAY', '1.5'],
		['WATCHFLOOR_INCIDENT_PREFIX', 'nct'],
		['WATCHFLOOR_LOG_LEVEL', 'loud'],
		['WATCHFLOOR_EXERCISE', 'yes'],
		['WATCHFLOOR_BOUNDARIES_NAME', 'x'.repeat(121)],
		['WATCHFLOOR_BOUNDARIES', '/tmp/x.json'],
		['WATCHFLOOR_RETENTION', '14d']
	])('refuse %s=%s with one line that names it', (name, value) => {
		const lines = wrong({ [name]: value });
		expect(lines).toHaveLength(1);
		expect(lines[0]).toMatch(new RegExp(`^${name}`));
		expect(lines[0]!.length).toBeGreaterThan(name.length + 8);
	});

	it('say everything that is wrong at once, a line each', () => {
		expect(
			wrong({ PORT: 'x', WATCHFLOOR_KEEP_LOG: 'x', WATCHFLOOR_WALLPAPER: 'x' }).map((l) => l.split(' ')[0])
		).toEqual(['PORT', 'WATCHFLOOR_KEEP_LOG', 'WATCHFLOOR_WALLPAPER']);
	});

	it('never say a secret, or any other value', () => {
		const lines = wrong({
			DATABASE_URL: 'mysql://root:hunter2@db/x',
			WATCHFLOOR_SECRET: 'hunter2',
			ORIGIN: 'hunter2',
			WATCHFLOOR_TOKEN: 'hunter2',
			WATCHFLOOR_LOG_LEVEL: 'hunter2'
		});
		expect(lines).toHaveLength(5);
		expect(lines.join()).not.toMatch(/hunter2/);
	});

	it('keep the hours longer than the last month of observations, which goes as a whole', () => {
		const { WATCHFLOOR_KEEP_HOURS: hours, WATCHFLOOR_KEEP_OBSERVATIONS: observations } = read({
			WATCHFLOOR_KEEP_HOURS: '1d',
			WATCHFLOOR_KEEP_OBSERVATIONS: '30d'
		});
		expect(hours).toBeGreaterThanOrEqual(observations + 31 * 86_400);
	});

	it('say what they are for', () => {
		for (const [name, { about }] of Object.entries(SETTINGS)) expect(about, name).toMatch(/^[^\n]{10,}\.$/);
	});
});
