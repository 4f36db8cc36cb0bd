import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Duck } from './duck';
import { fixed, quantile, whole, type Figure } from './figure';
import { dump, fill } from './fill';
import type { Options } from './main';
import * as machine from './machine';
import type { Poster } from './poster';
import * as worker from './worker';

/** One question of a screen: as it is asked over HTTP, and the same in DuckDB; variants take turns. */
type Question = { what: string; ask: string[]; sql: string[]; rows(answer: Record<string, unknown[]>): number };

const BUDGET = '≤ 1 and p95 < 50 ms';
const MINUTE = 60;
const DAY = 86_400;
const SECTORS = ['government', 'banking', 'telecom', 'energy', 'health'];
const PROVINCES = ['PK-PB', 'PK-SD', 'PK-IS', 'PK-KP', 'PK-BA'];

/** Each query that screens and the API ask, over a filled database, beside DuckDB on the same rows with two threads. */
export async function run(options: Options): Promise<Figure[]> {
	const rows = options.rows ?? (options.quick ? 50_000 : 5_000_000);
	const server = await machine.open({}, options.flags);
	const [poster, duck] = [worker.open<Poster>('poster'), worker.open<Duck>('duck')];
	try {
		const to = { port: server.port, source: 'bench', token: await server.source('bench') };
		const token = await server.token('analyst', 'red');
		const begun = performance.now();
		const days = await fill(server, poster, to, rows);
		console.error(`  filled in ${fixed((performance.now() - begun) / 1000)} s`);
		const verified = performance.now();
		const { checked, differences } = (await server.cli('verify')) as { checked: number; differences: unknown[] };
		const verify = (performance.now() - verified) / 1000;
		if (differences.length) throw new Error(`verify finds ${differences.length} differences`);

		const files = { observations: join(server.data, 'observations.csv'), facets: join(server.data, 'facets.csv') };
		await dump(
			server.url(),
			'select id, province, sector, class, type, severity, direction, tlp from facets',
			files.facets
		);
		await dump(
			server.url(),
			"select observed_at at time zone 'UTC', id, facet_id, source_id, batch_id, rule, host(source_ip), source_port, source_asn, host(destination_ip), destination_port, fqdn, url, malware, summary, raw from observations",
			files.observations
		);
		const held = await duck.ask('load', join(server.data, 'duck.db'), files.observations, files.facets);
		for (const file of Object.values(files)) rmSync(file);

		const get = async (path: string) => {
			const res = await fetch(server.base + path, { headers: { authorization: `Bearer ${token}` } });
			if (!res.ok) throw new Error(`${path} is answered ${res.status}: ${await res.text()}`);
			return (await res.json()) as Record<string, unknown[]>;
		};
		const measure = async (q: Question): Promise<Figure> => {
			const times = options.quick ? 5 : 40;
			const took: number[] = [];
			let last: Record<string, unknown[]> = {};
			for (let i = -q.ask.length; i < times; i++) {
				const from = performance.now();
				last = await get(q.ask[(i + q.ask.length) % q.ask.length]!);
				if (i >= 0) took.push(performance.now() - from);
			}
			const floor = q.sql.length
				? await duck.ask('run', q.sql, Math.max(q.sql.length, options.quick ? 3 : 15))
				: undefined;
			const i = (times - 1) % q.ask.length;
			if (floor) {
				const same = await duck.ask('run', [q.sql[i]!], 1);
				if (same.rows !== q.rows(last)) console.error(`  ${q.what}: ${q.rows(last)} rows, DuckDB has ${same.rows}`);
			}
			const [p50, p95] = [quantile(took, 0.5), quantile(took, 0.95)];
			const base = floor && quantile(floor.took, 0.5);
			return {
				part: 'queries',
				what: `${q.what} (${whole(q.rows(last))} rows)`,
				figure: `p50 ${fixed(p50)}, p95 ${fixed(p95)} ms`,
				floor: base === undefined ? undefined : `p50 ${fixed(base)} ms`,
				ratio: base === undefined ? undefined : fixed(p50 / base, 2),
				budget: BUDGET,
				met: p95 < 50 && (base === undefined || p50 <= base),
				numbers: { took, floor: floor?.took }
			};
		};
		const figures: Figure[] = [];
		for (const q of await questions(get, days)) {
			try {
				figures.push(await measure(q));
			} catch (e) {
				const why = e instanceof Error ? e.message : String(e);
				figures.push({
					part: 'queries',
					what: q.what,
					figure: why.replace(/^.* is answered/, 'answered').slice(0, 12),
					budget: BUDGET,
					met: false,
					numbers: { why }
				});
			}
		}
		figures.push({
			part: 'queries',
			what: `verify of ${whole(checked)} cells over ${whole(held)} observations`,
			figure: `${fixed(verify)} s`
		});
		return figures;
	} finally {
		await Promise.all([poster.close(), duck.close()]);
		await server.close();
	}
}

type Get = (path: string) => Promise<Record<string, unknown[]>>;

async function questions(get: Get, days: number): Promise<Question[]> {
	const now = Math.floor(Date.now() / 1000 / MINUTE) * MINUTE;
	const iso = (at: number) => new Date(at * 1000).toISOString();
	const aggregate = (
		by: string,
		days: number,
		filter: [name: string, values: string[]] | null,
		back = 0
	): Pick<Question, 'ask' | 'sql' | 'rows'> => {
		const [from, to] = [now - (days + back) * DAY, now - back * DAY];
		const columns = by.split(',').map((b) => (b === 'hour' ? "date_trunc('hour', o.observed_at)" : `f.${b}`));
		const each = (make: (value: string) => string) => (filter ? filter[1].map(make) : [make('')]);
		return {
			ask: each(
				(v) => `/api/v1/aggregates?by=${by}&from=${iso(from)}&to=${iso(to)}${filter ? `&${filter[0]}=${v}` : ''}`
			),
			sql: each(
				(
					v
				) => `select ${columns.join(', ')}, count(*) from observations o join facets f on f.id = o.facet_id where f.class <> 'test' and f.tlp <= 4
				and o.observed_at >= '${iso(from).slice(0, 19)}' and o.observed_at < '${iso(to).slice(0, 19)}' ${filter ? `and f.${filter[0]} = '${v}'` : ''} group by all`
			),
			rows: (answer) => answer.cells!.length
		};
	};
	const page = (
		limit: number,
		filters: Record<string, string>[],
		more: { condition?: string; query?: string } = {}
	): Pick<Question, 'ask' | 'sql' | 'rows'> => ({
		ask: filters.map(
			(f) => `/api/v1/observations?${new URLSearchParams({ limit: String(limit), ...f })}${more.query ?? ''}`
		),
		sql: filters.map(
			(f) => `select o.*, f.* from observations o join facets f on f.id = o.facet_id where f.tlp <= 4 ${Object.entries(
				f
			)
				.map(([k, v]) => `and f.${k} = '${v}'`)
				.join(' ')}
			${more.condition ?? ''} order by o.observed_at desc, o.id desc limit ${limit}`
		),
		rows: (answer) => answer.observations!.length
	});
	const deep = now - Math.floor((days * 2) / 3) * DAY;
	const cursor = String((await get(`/api/v1/observations?limit=100&to=${iso(deep)}`)).next);
	const address = '203.0.113.77';
	return [
		{ what: 'counts by province, sector and hour, 24 h', ...aggregate('province,sector,hour', 1, null) },
		{ what: 'counts by sector and class, 24 h of yesterday', ...aggregate('sector,class', 1, null, 1) },
		{ what: 'counts by type of a sector, 7 days', ...aggregate('type', 7, ['sector', SECTORS]) },
		{ what: 'counts by class of a province, 7 days', ...aggregate('class', 7, ['province', PROVINCES]) },
		{ what: 'counts by sector and hour, 21 days', ...aggregate('sector,hour', 21, null) },
		{ what: 'counts by province and sector, 60 days', ...aggregate('province,sector', 60, null) },
		{ what: 'observations, first page of 100', ...page(100, [{}]) },
		{
			what: 'observations of a sector in a province, page of 20',
			...page(
				20,
				SECTORS.map((sector, i) => ({ sector, province: PROVINCES[i]! }))
			)
		},
		{
			what: 'observations of a rare sector in a rare province, page of 20',
			...page(20, [{ sector: 'water', province: 'PK-GB' }])
		},
		{ what: 'observations of a rare type, page of 100', ...page(100, [{ type: 'copyright' }]) },
		{
			what: 'observations, a page deep in the past by its cursor',
			...page(100, [{}], { query: `&cursor=${cursor}`, condition: `and o.observed_at < '${iso(deep).slice(0, 19)}'` })
		},
		{
			what: 'observations of an address, 24 h',
			...page(100, [{}], {
				query: `&q=${address}&from=${iso(now - DAY)}`,
				condition: `and (o.source_ip = '${address}' or o.destination_ip = '${address}') and o.observed_at >= '${iso(now - DAY).slice(0, 19)}'`
			})
		},
		{
			what: 'observations with a word, whole time',
			...page(100, [{}], {
				query: '&q=Nehr',
				condition:
					"and (o.summary ilike '%Nehr%' or o.fqdn ilike '%Nehr%' or o.url ilike '%Nehr%' or o.malware ilike '%Nehr%')"
			})
		},
		{ what: 'the sources', ask: ['/api/v1/sources'], sql: [], rows: (answer) => answer.sources!.length },
		{ what: 'the open incidents', ask: ['/api/v1/incidents'], sql: [], rows: (answer) => answer.incidents!.length }
	];
}
