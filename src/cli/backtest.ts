import { SingleBar } from 'cli-progress';
import type { Command } from 'commander';
import { readFile } from 'node:fs/promises';
import { PRIORITIES } from '$lib/core/alarm';
import { PARAMS } from '$lib/core/alarm/params';
import { LIMITS, TEN } from '$lib/core/alarm/rate';
import type { Kept } from '$lib/core/alarm/rules';
import { DAY, day, MINUTE, pkt, span } from '$lib/core/clock';
import { invalid } from '$lib/core/error';
import * as backtest from '$lib/server/analysis/backtest';
import type { Alarm } from '$lib/server/analysis/backtest';
import type * as app from '$lib/server/app';
import { Facets } from '$lib/server/store/facet';
import * as reference from '$lib/server/store/reference';
import * as rule from '$lib/server/store/rule';
import type { Desk } from './constituent';

type More = Pick<Desk, 'answer' | 'file' | 'time'> & { duration(text: string): number };
type Asked = { from: number; to?: number; rules?: string; step: number; json?: boolean };

/** How many alarms that is, beside what one person can take (EEMUA 191). */
export type Load = {
	total: number;
	/** a day, in ten minutes on the average, and in ten minutes at the most */
	day: number;
	mean: number;
	peak: number;
	/** ten minutes with more than is steady, and with more than an upset may bring; and all of them */
	steady: number;
	upset: number;
	tens: number;
	/** by priority, of all */
	share: Record<string, number>;
};
export type Answer = {
	from: number;
	to: number;
	rules: { slug: string; params: unknown }[];
	alarms: Alarm[];
	load: Load;
};

/** `backtest`: what the rules about surges would have raised. */
export function register(program: Command, { answer, file, time, duration }: More): void {
	program
		.command('backtest')
		.description(
			'run the present rules about surges over the past and print what they would have raised when; nothing is saved'
		)
		.requiredOption('--from <time>', 'first moment', time)
		.option('--to <time>', 'moment after the last (default: now)', time)
		.option('--rules <file>', 'JSON with other thresholds to try, by rule: { "surge": { "sigma": 4 } }')
		.option(
			'--step <time>',
			'how often it is judged; less often is faster, and finds what is short later',
			duration,
			MINUTE
		)
		.option('--json', 'print one JSON object: { from, to, rules, alarms, load }')
		.action((o: Asked) =>
			answer(
				async (base) => {
					const given = o.rules === undefined ? {} : await read(file(o.rules), o.rules);
					return test(base, { ...o, given });
				},
				o.json,
				text
			)
		);
}

/** @throws Problem `invalid` for a stretch that is none, and for rules that cannot be used */
export async function test(
	{ client, config }: Pick<app.Base, 'client' | 'config'>,
	{ from, to = Date.now() / 1000, step, given }: Omit<Asked, 'rules' | 'json'> & { given: Record<string, unknown> }
): Promise<Answer> {
	if (!(from < to)) throw invalid('--from must be before --to.');
	if (step % MINUTE) throw invalid('--step is in whole minutes.');
	const kept = (await rule.all(client.sql)).rules.filter((r): r is Kept<'surge'> => r.kind === 'surge');
	const rules = changed(kept, given).filter((r) => r.enabled);
	if (!rules.length) throw invalid('No rule about surges is enabled.');
	// Whole days are counted at once: it may take longer than a screen would wait.
	const sql = client.open(1, 3600);
	const bar = process.stderr.isTTY
		? new SingleBar({
				format: 'judging {bar} {percentage} %, {eta_formatted} to go',
				stream: process.stderr,
				hideCursor: true
			})
		: null;
	try {
		bar?.start(1, 0);
		const alarms = await backtest.run(
			sql,
			new Facets(client.sql),
			await reference.load(client.db),
			{ from, to, step, keep: config.WATCHFLOOR_KEEP_USUAL, rules },
			(done, of) => {
				bar?.setTotal(of);
				bar?.update(done);
			}
		);
		return {
			...{ from, to, rules: rules.map(({ slug, params }) => ({ slug, params })) },
			...{ alarms, load: load(alarms, from, to) }
		};
	} finally {
		bar?.stop();
		await sql.end({ timeout: 5 });
	}
}

async function read(path: string, name: string): Promise<Record<string, unknown>> {
	const text = await readFile(path, 'utf8').catch(() => {
		throw invalid(`${name} cannot be read.`);
	});
	try {
		const value: unknown = JSON.parse(text);
		if (value && typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>;
	} catch {
		// said below
	}
	throw invalid(`${name} is no JSON object of thresholds by rule, such as { "surge": { "sigma": 4 } }.`);
}

/** The rules with other thresholds. @throws Problem `invalid` that names the rule and the threshold */
function changed(rules: Kept<'surge'>[], given: Record<string, unknown>): Kept<'surge'>[] {
	const names = rules.map((r) => r.slug);
	for (const slug of Object.keys(given))
		if (!names.includes(slug))
			throw invalid(`There is no rule about surges called "${slug}"; there is ${names.join(', ')}.`);
	return rules.map((r) => {
		if (!Object.hasOwn(given, r.slug)) return r;
		const more = given[r.slug];
		if (!more || typeof more !== 'object') throw invalid(`The thresholds of "${r.slug}" are no object.`);
		const parsed = PARAMS.surge.safeParse({ ...r.params, ...more });
		if (parsed.success) return { ...r, params: parsed.data };
		const issue = parsed.error.issues[0]!;
		throw invalid(`${[r.slug, ...issue.path].join('.')}: ${issue.message}.`);
	});
}

function load(alarms: Alarm[], from: number, to: number): Load {
	const tens = Math.max(1, Math.ceil((to - from) / TEN));
	const counts = new Map<number, number>();
	for (const a of alarms) {
		const ten = Math.floor((a.raised - from) / TEN);
		counts.set(ten, (counts.get(ten) ?? 0) + 1);
	}
	const all = [...counts.values()];
	const share = (p: string) => (alarms.length ? alarms.filter((a) => a.priority === p).length / alarms.length : 0);
	return {
		total: alarms.length,
		day: (alarms.length * DAY) / (to - from),
		mean: alarms.length / tens,
		peak: Math.max(0, ...all),
		steady: all.filter((n) => n > LIMITS.steady).length,
		upset: all.filter((n) => n > LIMITS.upset).length,
		tens,
		share: Object.fromEntries(PRIORITIES.map((p) => [p, share(p)]))
	};
}

const when = (at: number): string => `${day(at)} ${pkt(at)}`;
const percent = (x: number): string => `${Math.round(x * 100)} %`;

/** One line an alarm, then how many that is. */
export function text({ alarms, load: l, from, to }: Answer): string {
	const lines = alarms.map(
		(a) =>
			`${when(a.raised)} → ${a.ended === null ? 'goes on    ' : when(a.ended)}  ${a.priority.padEnd(6)}  ${a.title} – ${a.why} (${a.sigma.toFixed(1)} σ, at most ${a.peak.toFixed(1)})`
	);
	const shares = PRIORITIES.map((p) => `${p} ${percent(l.share[p] ?? 0)} (${percent(LIMITS.share[p])})`).join(', ');
	return [
		...lines,
		`${l.total} ${l.total === 1 ? 'alarm' : 'alarms'} in ${span(to - from)}: ${l.day.toFixed(1)} a day. In ten minutes ${l.mean.toFixed(2)} on the average (EEMUA 191: at most ${LIMITS.steady}), ${l.peak} at the most (${LIMITS.upset}).`,
		`Of ${l.tens} times ten minutes, ${l.steady} had more than ${LIMITS.steady}, ${l.upset} more than ${LIMITS.upset}. By priority: ${shares}.`
	].join('\n');
}
