import { Command } from 'commander';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as cli from '../../src/cli/warninglist';
import { normalise, type Kind } from '../../src/lib/core/observable';
import { read, Warnings, type Type, type WarningList } from '../../src/lib/core/warninglist';
import type { Format, Thing } from '../../src/lib/server/ingest/format';
import { FORMATS } from '../../src/lib/server/ingest/formats';
import type { Ingest } from '../../src/lib/server/ingest/ingest';
import { Lookback } from '../../src/lib/server/ingest/lookback';
import * as split from '../../src/lib/server/ingest/split';
import * as log from '../../src/lib/server/ops/log';
import { connect } from '../../src/lib/server/store/client';
import * as dossier from '../../src/lib/server/store/dossier';
import * as indicator from '../../src/lib/server/store/indicator';
import * as warninglist from '../../src/lib/server/store/warninglist';
import { CORPUS, missing, random } from './corpus';
import { body, deliver, ndjson, open, report, viewer, type Stage } from './stage';

/** Things as they are, a JSON object a line. */
const plain: Format = {
	name: 'plain',
	async *read(bytes, _type, limits) {
		for await (const pieces of split.lines(bytes, limits))
			yield pieces.map((p) => ({ ...this.one(p.bytes), line: p.line }));
	},
	one: (raw) => ({ kind: 'thing', line: 1, raw: raw.toString(), thing: JSON.parse(raw.toString()) as Thing })
};

let stage: Stage;
let ingest: Ingest;
let source: number;
let serial = 0;
const name = () => `h${serial++}.example`;
const bring = (values: [Kind, string][], through = ingest) =>
	through.deliver(source, {
		bytes: body(
			ndjson(
				values.map(([kind, value]) => ({
					kind: 'indicator',
					key: `indicator--${serial++}`,
					revision: '1',
					claims: [{ kind, value, actionable: true }]
				}))
			)
		),
		contentType: '',
		format: 'plain'
	});
const list = (of: string, type: Type, entries: string[], more: Partial<WarningList> = {}): WarningList => ({
	name: of,
	type,
	version: null,
	description: null,
	kinds: null,
	entries,
	...more
});
const load = (...lists: WarningList[]) => warninglist.load(stage.client, viewer(), lists);
const held = async (kind: Kind, value: string): Promise<string[]> => {
	const found = normalise(kind, value) ?? { kind, value };
	return (await indicator.get(stage.client, viewer(), indicator.identify(found.kind, found.value))).warnings;
};
const raised = async (value: string): Promise<number> => {
	const rows = await stage.client.sql<{ kind: string; payload: { indicators?: { value: string }[] } }[]>`
		select kind, payload from log where kind = 'indicator'`;
	return rows.flatMap((r) => r.payload.indicators ?? []).filter((i) => i.value === value).length;
};
const counted = async (value: string): Promise<number> =>
	(await dossier.open(stage.client, viewer(), indicator.identify('domain-name', value))).count;
const seen = (value: string) =>
	report(1, { 'source.fqdn': value, 'extra.sector': 'banking', 'extra.province': 'PK-SD' });

beforeAll(async () => {
	FORMATS.set('plain', plain);
	stage = await open();
	ingest = stage.intake(stage.client);
});
afterAll(async () => {
	FORMATS.delete('plain');
	await stage.close();
});
beforeEach(async () => {
	source = await stage.source('green');
});
afterEach(async () => {
	for (const { name } of await warninglist.list(stage.client, viewer()))
		await warninglist.remove(stage.client, viewer(), name);
});

describe('a warning list', () => {
	it('marks what it holds, whether it comes before the indicator or after', async () => {
		const [before, after, evil] = [name(), name(), name()];
		await bring([['domain-name', `www.${before}`]]);
		expect(await load(list('one', 'hostname', [before, after]))).toMatchObject({ changed: 1 });
		await bring([
			['domain-name', `www.${after}`],
			['url', `http://${after}/x`],
			['domain-name', evil]
		]);
		for (const value of [`www.${before}`, `www.${after}`]) expect(await held('domain-name', value)).toEqual(['one']);
		expect(await held('url', `http://${after}/x`)).toEqual(['one']);
		expect(await held('domain-name', evil)).toEqual([]);
	});

	it('takes the place of the one with its name, and all that hold a value are named', async () => {
		const [a, b] = [name(), name()];
		await bring([
			['domain-name', a],
			['domain-name', b]
		]);
		await load(list('two', 'string', [a, b]), list('one', 'hostname', [a]));
		expect([await held('domain-name', a), await held('domain-name', b)]).toEqual([['one', 'two'], ['two']]);
		expect(await load(list('two', 'string', [a], { version: '2' }))).toMatchObject({ changed: 1 });
		expect([await held('domain-name', a), await held('domain-name', b)]).toEqual([['one', 'two'], []]);
		expect(await warninglist.list(stage.client, viewer())).toMatchObject([
			{ name: 'one', type: 'hostname', version: null, kinds: null, entries: 1, indicators: 1 },
			{ name: 'two', type: 'string', version: '2', kinds: null, entries: 1, indicators: 1 }
		]);
		await warninglist.remove(stage.client, viewer(), 'one');
		expect(await held('domain-name', a)).toEqual(['two']);
		await expect(warninglist.remove(stage.client, viewer(), 'one')).rejects.toMatchObject({ status: 404 });
	});

	it('speaks of the kinds that it says', async () => {
		const [value, other] = [name(), name()];
		await load(
			list('names', 'hostname', [value], { kinds: ['domain-name'] }),
			list('nothing', 'hostname', [value], { kinds: [] })
		);
		await bring([
			['domain-name', value],
			['url', `http://${value}/malware`],
			['domain-name', other]
		]);
		expect(await held('domain-name', value)).toEqual(['names']);
		expect(await held('url', `http://${value}/malware`)).toEqual([]);
		expect((await warninglist.list(stage.client, viewer())).map((l) => l.kinds)).toEqual([['domain-name'], []]);
	});

	it('may have any name and any text in it', async () => {
		const odd = `a"b\\c, {d}\ttab\n\0 'e' NULL ${serial++}`;
		await bring([['other', odd]]);
		const title = `x, "y" \\ {NULL}\0 'z'; --`;
		await load(list(title, 'string', [odd]), list('NULL', 'substring', ["'e' null"]));
		const shown = title.replace('\0', '\ufffd');
		const id = indicator.identify('other', odd);
		expect((await indicator.get(stage.client, viewer(), id)).warnings).toEqual(['NULL', shown]);
		const another = `${odd}2`;
		await load(list(title, 'substring', [odd.toLowerCase()]));
		await bring([['other', another]]);
		expect((await indicator.get(stage.client, viewer(), indicator.identify('other', another))).warnings).toEqual([
			'NULL',
			shown
		]);
		await warninglist.remove(stage.client, viewer(), title);
		expect((await warninglist.list(stage.client, viewer())).map((l) => l.name)).toEqual(['NULL']);
	});

	it('is changed by operators only, and the audit tells who it was', async () => {
		const analyst = viewer({ role: 'analyst' });
		await expect(warninglist.load(stage.client, analyst, [list('x', 'string', ['a'])])).rejects.toMatchObject({
			status: 403
		});
		await load(list('audited', 'string', ['a', 'b'], { version: '7' }));
		await expect(warninglist.remove(stage.client, analyst, 'audited')).rejects.toMatchObject({ status: 403 });
		expect(await warninglist.list(stage.client, analyst)).toHaveLength(1);
		await expect(warninglist.list(stage.client, viewer({ role: 'wall' }))).rejects.toMatchObject({ status: 403 });
		await warninglist.remove(stage.client, viewer({ role: 'operator' }), 'audited');
		expect(
			await stage.client.sql`select actor, action, detail from audit where subject = 'audited' order by id`
		).toMatchObject([
			{ actor: 'cli', action: 'warning.load', detail: { type: 'string', version: '7', entries: 2 } },
			{ actor: 'cli', action: 'warning.remove' }
		]);
	});

	it.each([list('', 'string', ['a']), list('x'.repeat(501), 'string', ['a']), list('x', 'string', [])])(
		'is refused, and all that are loaded with it, when it has no name or no entry',
		async (bad) => {
			await expect(load(list('good', 'string', ['a']), bad)).rejects.toMatchObject({ status: 400 });
			expect(await warninglist.list(stage.client, viewer())).toEqual([]);
		}
	);

	it('marks every indicator of many, page by page', { timeout: 120_000 }, async () => {
		const values = Array.from({ length: 12_000 }, (_, i): [Kind, string] => ['domain-name', `p${i}.pages.example`]);
		for (let i = 0; i < values.length; i += 4000) await bring(values.slice(i, i + 4000));
		const entries = values.filter((_, i) => i % 3 === 0).map(([, value]) => value);
		const done = await load(list('many', 'hostname', entries));
		expect(done.changed).toBe(4000);
		const wrong = await stage.client.sql<{ n: number }[]>`
			select count(*)::int as n from indicators where value like 'p%.pages.example' and (warnings is not null) <> (substring(value from '^p(\d+)')::int % 3 = 0)`;
		expect(wrong[0]!.n).toBe(0);
	});

	it('whose marking was broken off marks what comes, and the rest when it is loaded again', async () => {
		const [early, late] = [name(), name()];
		await bring([['domain-name', early]]);
		await stage.client
			.sql`insert into warninglists (name, type, entries) values ('half', 'hostname', ${[early, late]}::text[])`;
		await stage.client
			.sql`insert into meta (key, value) values ('warninglists', '1') on conflict (key) do update set value = (meta.value::bigint + 1)::text`;
		await bring([['domain-name', late]]);
		expect([await held('domain-name', early), await held('domain-name', late)]).toEqual([[], ['half']]);
		await load(list('half', 'hostname', [early, late]));
		expect(await held('domain-name', early)).toEqual(['half']);
	});
});

describe('what is known to be good', () => {
	it('raises nothing, and its sightings are counted', async () => {
		const [before, after, evil] = [name(), name(), name()];
		await bring([['domain-name', after]]);
		await load(list('good', 'hostname', [before, after]));
		await bring([
			['domain-name', before],
			['domain-name', evil]
		]);
		await ingest.watch.refresh();
		await deliver(ingest, source, [seen(before), seen(before), seen(after), seen(evil)]);
		expect([await counted(before), await counted(after), await counted(evil)]).toEqual([2, 1, 1]);
		expect([await raised(before), await raised(after), await raised(evil)]).toEqual([0, 0, 1]);
		const lately = await indicator.lately(stage.client, viewer(), Date.now() / 1000 - 3600);
		expect(lately.map((i) => i.value).filter((v) => [before, after, evil].includes(v))).toEqual([evil]);
	});

	it('raises nothing in a process that had read the lists before', async () => {
		const other = stage.intake(connect(stage.client.url, 2, 30));
		const [good, evil] = [name(), name()];
		await load(list('old', 'hostname', ['old.example']));
		await bring([['domain-name', name()]], other);
		await load(list('new', 'hostname', [good]));
		await bring(
			[
				['domain-name', good],
				['domain-name', evil]
			],
			other
		);
		await deliver(other, source, [seen(good), seen(evil)]);
		expect([await counted(good), await raised(good), await raised(evil)]).toEqual([1, 0, 1]);
	});

	it('is marked still when the look-back has searched for it', async () => {
		const [good, evil] = [name(), name()];
		await load(list('good', 'hostname', [good]));
		await deliver(ingest, source, [seen(good), seen(evil)]);
		await bring([
			['domain-name', good],
			['domain-name', evil]
		]);
		await new Lookback(stage.client, { back: 90 * 86_400 }, log.open('silent')).round();
		expect([await held('domain-name', good), await counted(good), await raised(good)]).toEqual([['good'], 1, 0]);
		expect([await counted(evil), await raised(evil)]).toEqual([1, 1]);
	});

	it(
		'is the same for all, whatever is loaded, removed, brought and looked back for at once',
		{ timeout: 120_000 },
		async () => {
			const values = Array.from({ length: 600 }, () => name());
			const some = (from: number) => values.filter((_, i) => i % 7 === from);
			const intakes = [ingest, stage.intake(connect(stage.client.url, 2, 30))];
			const others = [connect(stage.client.url, 2, 30), connect(stage.client.url, 2, 30)];
			const next = random(3);
			const change = async (client: (typeof others)[number], mine: number) => {
				for (let i = 0; i < 8; i++) {
					const lists = [list(`list ${mine}`, 'hostname', some(Math.floor(next() * 7)))];
					await warninglist.load(client, viewer(), lists);
					if (i === 5) await warninglist.remove(client, viewer(), `list ${mine}`);
				}
			};
			const look = async () => {
				for (let i = 0; i < 8; i++) await new Lookback(stage.client, { back: 90 * 86_400 }, log.open('silent')).round();
			};
			const add = async (through: Ingest, part: number) => {
				for (let i = part; i < values.length; i += 40)
					await bring(
						values.slice(i, i + 20).map((v) => ['domain-name', v]),
						through
					);
			};
			await Promise.all([...others.map(change), look(), add(intakes[0]!, 0), add(intakes[1]!, 20)]);
			const rows = await stage.client.sql<
				{ name: string; entries: string[] }[]
			>`select name, entries from warninglists`;
			const warnings = new Warnings(rows.map((r) => list(r.name, 'hostname', r.entries)));
			const marked = await stage.client.sql<{ value: string; warnings: string[] | null }[]>`
				select value, warnings from indicators where value = any(${values}::text[])`;
			expect(rows.length).toBe(2);
			expect(marked.length).toBe(600);
			expect(marked.filter((m) => m.warnings).length).toBeGreaterThan(50);
			for (const m of marked)
				expect([m.value, m.warnings?.toSorted() ?? []]).toEqual([
					m.value,
					warnings.match({ kind: 'domain-name', value: m.value }).toSorted()
				]);
			for (const client of others) await client.close();
		}
	);
});

describe('the command line', () => {
	let folder: string;
	beforeAll(() => {
		folder = mkdtempSync(join(tmpdir(), 'watchfloor-warning-'));
	});
	afterAll(() => rmSync(folder, { recursive: true, force: true }));
	const run = async (...args: string[]) => {
		const out: unknown[] = [];
		const program = new Command().exitOverride();
		cli.register(program, {
			viewer: viewer(),
			file: (of) => join(folder, of),
			answer: async (work, _json, text) => {
				const result = await work({ client: stage.client } as never);
				out.push(result, text(result));
			}
		});
		await program.parseAsync(['node', 'watchfloor', 'warninglist', ...args]);
		const failed = process.exitCode === 1;
		process.exitCode = undefined;
		return { result: out[0], text: String(out[1]), failed };
	};

	it('loads every file that can be read, tells the lines of the others, lists and removes', async () => {
		const value = name();
		await bring([['domain-name', value]]);
		writeFileSync(join(folder, 'mine.txt'), Buffer.from(`\ufeff# ours\r\n*.${value}\r\n192.0.2.0/24\r\n`, 'utf16le'));
		writeFileSync(
			join(folder, 'misp.json'),
			JSON.stringify({ name: 'MISP', version: 3, type: 'cidr', list: ['10.0.0.0/8', 'x'] })
		);
		writeFileSync(join(folder, 'bad.json'), '{"list": 1}');
		writeFileSync(join(folder, 'empty.txt'), '# nothing\n');
		const { result, text, failed } = await run('load', 'mine.txt', 'misp.json', 'bad.json', 'empty.txt', 'none.txt');
		expect(failed).toBe(true);
		expect(result).toMatchObject({
			lists: [
				{ file: 'mine.txt', name: 'mine', type: 'any', entries: 2, refused: 0 },
				{ file: 'misp.json', name: 'MISP', version: '3', type: 'cidr', entries: 1, refused: 1, faults: [{ line: 2 }] }
			],
			failed: [{ file: 'bad.json' }, { file: 'empty.txt' }, { file: 'none.txt', reason: 'It cannot be read.' }],
			changed: 1
		});
		expect(text).toContain('misp.json, 2: "x" is no address');
		expect(text).toMatch(/bad\.json was not loaded: The list of MISP has no "list"/);
		expect(await held('domain-name', value)).toEqual(['mine']);
		expect((await run('list')).text).toMatch(
			/^MISP\tcidr, version 3\t1 entry\t.*\nmine\tany\t2 entries\t1 indicators\t/
		);
		expect(await run('remove', 'mine')).toMatchObject({ failed: false, result: { removed: true, changed: 1 } });
		expect(await held('domain-name', value)).toEqual([]);
	});

	it('takes a text as it is told to, and two files of one name only once', async () => {
		writeFileSync(join(folder, 'parts.txt'), '^abuse@\n');
		writeFileSync(join(folder, 'parts.list'), '^x\n');
		const { result, failed } = await run('load', 'parts.txt', 'parts.list', '--type', 'regex');
		expect([failed, result]).toMatchObject([
			true,
			{
				lists: [{ name: 'parts', type: 'regex' }],
				failed: [{ file: 'parts.list', reason: expect.stringMatching(/like parts\.txt/) }]
			}
		]);
	});
});

describe.skipIf(missing)('lists of MISP as they are published', () => {
	it('mark what they should, before and after', async () => {
		const folder = `${CORPUS}taxonomies/warninglists/`;
		const lists = readdirSync(folder).map((f) => read(readFileSync(folder + f, 'utf8'), { name: f }).list);
		const values: [Kind, string, RegExp | null][] = [
			['ipv4-addr', '10.1.2.3', /RFC 1918/],
			['ipv4-addr', '10.4.0.0/16', /RFC 1918/],
			['ipv6-addr', 'fe80::1', /link local/],
			['ipv4-addr', '104.16.0.1', /Cloudflare/],
			['md5', 'd41d8cd98f00b204e9800998ecf8427e', /empty/],
			['ipv4-addr', '203.0.114.9', null],
			['domain-name', 'evil.example.net.pk', null]
		];
		const half = values.length >> 1;
		const given = values.map(([kind, value]): [Kind, string] => [kind, value]);
		await bring(given.slice(0, half));
		await load(...lists);
		await bring(given.slice(half));
		for (const [kind, value, of] of values) {
			const names = await held(kind, value);
			if (of) expect(names.join()).toMatch(of);
			else expect(names).toEqual([]);
		}
		expect((await warninglist.list(stage.client, viewer())).map((l) => l.entries)).toEqual(
			lists.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map((l) => l.entries.length)
		);
	});
});
