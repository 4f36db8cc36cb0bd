import fc from 'fast-check';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { KINDS, normalise, type Kind } from './observable';
import { read, TYPES, Warnings, type Type } from './warninglist';

const misp = (type: string | undefined, list: unknown[], more: object = {}) =>
	read(JSON.stringify({ name: 'list', version: 3, type, list, ...more }), { name: 'file' });
const holds = (type: Type, list: string[], more?: object) => {
	const warnings = new Warnings([misp(type, list, more).list]);
	return (kind: Kind, text: string) => warnings.match(normalise(kind, text) ?? { kind, value: text }).length === 1;
};

describe('a list of MISP', () => {
	it('says its name, its version, its type and its kinds', () =>
		expect(
			misp('cidr', ['FE80::/10', '10.1.2.3/8'], {
				description: 'd',
				matching_attributes: ['ip-src', 'domain|ip', 'ip-dst|port', 'comment']
			})
		).toEqual({
			list: {
				name: 'list',
				version: '3',
				description: 'd',
				type: 'cidr',
				kinds: ['ipv4-addr', 'ipv6-addr', 'domain-name'],
				entries: ['fe80::/10', '10.0.0.0/8']
			},
			refused: 0,
			faults: []
		}));

	it('is one of strings when it states no type, and of all kinds when it states none', () =>
		expect(misp(undefined, ['x']).list).toMatchObject({ type: 'string', kinds: null }));

	it.each<[Type, unknown]>([
		['cidr', '10.0.0.0/33'],
		['cidr', 'evil.example'],
		['hostname', 'a b'],
		['hostname', 'https://a.example/'],
		['substring', 'ab'],
		['regex', '/(a)\\1/'],
		['regex', '/(?=a)/'],
		['regex', '/a/x'],
		['regex', '('],
		['string', ' '],
		['string', 7]
	])('of the type %s tells which entry it cannot take, and takes the others: %j', (type, bad) => {
		const good = { cidr: '192.0.2.1', regex: '/a+/i' }[type as string] ?? 'good.example';
		const { list, refused, faults } = misp(type, [good, bad, good]);
		expect(list.entries).toEqual([good]);
		expect([refused, faults.map((f) => f.line)]).toEqual([1, [2]]);
		expect(faults[0]!.reason).toMatch(/^(It|").{5,}\.$/);
	});

	it('takes no entry of more than 4000 characters', () =>
		expect(misp('string', ['x'.repeat(4001), 'x'.repeat(4000)])).toMatchObject({
			refused: 1,
			list: { entries: ['x'.repeat(4000)] }
		}));

	it('with very many bad entries tells a hundred of them and counts all', () => {
		const { refused, faults } = misp('cidr', Array.from({ length: 500 }, String));
		expect([refused, faults.length]).toEqual([500, 100]);
	});

	it.each(['{', '{}', '{"list":{}}', '{"list":[],"type":"glob"}', '{"__proto__":{"list":["a"]}}'])(
		'is no list when it is %s',
		(text) => expect(() => read(text, { name: 'x' })).toThrow(/^The (list|type) .{10,}/)
	);
});

describe('a text', () => {
	it('has one value a line, comments, and any line ends', () =>
		expect(read('\ufeff# known\r\n192.0.2.9/24 # net\r\n\r\n*.Good.example.\rAB\n', { name: 'file' }).list).toEqual({
			name: 'file',
			version: null,
			description: null,
			type: 'any',
			kinds: null,
			entries: ['192.0.2.0/24', 'good.example', 'AB']
		}));

	it('tells the line of what it cannot take', () =>
		expect(read('# a\n\n192.0.2.1\nx\n', { name: 'file', type: 'cidr' }).faults).toMatchObject([{ line: 4 }]));

	it('that is none is refused', () => expect(() => read('a\0b', { name: 'x' })).toThrow(/NUL/));
});

describe('a value is known to a list', () => {
	it('of networks, when one contains it', () => {
		const is = holds('cidr', ['10.0.0.0/8', '192.0.2.1', '2001:db8::/33', '::ffff:198.51.100.0/120', '0.0.0.0/32']);
		expect(is('ipv4-addr', '10.255.0.1')).toBe(true);
		expect(is('ipv4-addr', '11.0.0.0')).toBe(false);
		expect(is('ipv4-addr', '192.0.2.1')).toBe(true);
		expect(is('ipv4-addr', '192.0.2.2')).toBe(false);
		expect(is('ipv4-addr', '10.1.0.0/16')).toBe(true);
		expect(is('ipv4-addr', '10.0.0.0/7')).toBe(false);
		expect(is('ipv4-addr', '198.51.100.7')).toBe(true);
		expect(is('ipv6-addr', '2001:db8:7fff::1')).toBe(true);
		expect(is('ipv6-addr', '2001:db8:8000::1')).toBe(false);
		expect(is('url', 'http://10.2.3.4:8080/x')).toBe(true);
		expect(is('url', 'http://[2001:db8::1]/x')).toBe(true);
		expect(is('domain-name', 'a10.example')).toBe(false);
		expect(holds('cidr', ['0.0.0.0/0'])('ipv4-addr', '255.255.255.255')).toBe(true);
		expect(holds('cidr', ['::/0'])('ipv6-addr', '2001:db8::1')).toBe(true);
		expect(holds('cidr', ['::/0'])('ipv4-addr', '192.0.2.1')).toBe(false);
	});

	it('of names, when it is one of them or below one', () => {
		const is = holds('hostname', ['.Good.example.', 'bücher.example', 'gov', '192.0.2.1']);
		expect(is('domain-name', 'good.example')).toBe(true);
		expect(is('domain-name', 'a.b.good.example')).toBe(true);
		expect(is('domain-name', 'notgood.example')).toBe(false);
		expect(is('domain-name', 'good.example.evil.example')).toBe(false);
		expect(is('domain-name', 'www.xn--bcher-kva.example')).toBe(true);
		expect(is('domain-name', 'nadra.gov')).toBe(true);
		expect(is('url', 'https://user:good.example@a.good.example:8443/x')).toBe(true);
		expect(is('url', 'https://good.example@evil.example/good.example')).toBe(false);
		expect(is('email-addr', 'a@mail.good.example')).toBe(true);
		expect(is('ipv4-addr', '192.0.2.1')).toBe(true);
	});

	it('of strings, when it is the very value, however it is written', () => {
		const is = holds('string', [
			'D41D8CD98F00B204E9800998ECF8427E',
			'3::',
			'Evil.example',
			'cve-2024-21412',
			'Setup.EXE'
		]);
		expect(is('md5', 'd41d8cd98f00b204e9800998ecf8427e')).toBe(true);
		expect(is('ssdeep', '3::')).toBe(true);
		expect(is('domain-name', 'evil.example')).toBe(true);
		expect(is('domain-name', 'a.evil.example')).toBe(false);
		expect(is('vulnerability', 'CVE-2024-21412')).toBe(true);
		expect(is('file-name', 'Setup.EXE')).toBe(true);
	});

	it('of parts, when one stands in it', () => {
		const is = holds('substring', ['@Mailinator', 'abc', 'abcd']);
		expect(is('email-addr', 'x@mailinator.com')).toBe(true);
		expect(is('file-name', 'xxABCxx')).toBe(true);
		expect(is('file-name', 'xxab')).toBe(false);
	});

	it('of patterns, when one is found in it', () => {
		const is = holds('regex', ['/^(security|abuse)\\@.*\\..*$/i', '^\\d{3}$']);
		expect(is('email-addr', 'Abuse@good.example')).toBe(true);
		expect(is('email-addr', 'noabuse@good.example')).toBe(false);
		expect(is('other', '123')).toBe(true);
	});

	it('only when the list speaks of its kind', () => {
		const is = holds('hostname', ['good.example'], { matching_attributes: ['domain', 'hostname'] });
		expect(is('domain-name', 'good.example')).toBe(true);
		expect(is('url', 'https://good.example/malware.exe')).toBe(false);
		expect(holds('string', ['good.example'], { matching_attributes: ['comment'] })('domain-name', 'good.example')).toBe(
			false
		);
	});

	it('and all lists that know it are named, in their order', () => {
		const list = (name: string, type: Type, entry: string) => ({ ...misp(type, [entry]).list, name });
		const warnings = new Warnings([
			list('b', 'substring', 'good'),
			list('a', 'hostname', 'good.example'),
			list('other', 'string', 'x.example'),
			list('c', 'regex', '^good'),
			list('d', 'hostname', 'example'),
			list('e', 'hostname', 'good.example')
		]);
		expect(warnings.size).toBe(6);
		expect(warnings.match({ kind: 'domain-name', value: 'good.example' })).toEqual(['b', 'a', 'c', 'd', 'e']);
	});

	it('and nothing is known to nobody', () =>
		expect(new Warnings([]).match({ kind: 'domain-name', value: 'good.example' })).toEqual([]));

	it('in time that a pattern cannot stretch', () => {
		const is = holds('regex', ['(a+)+$', '((((a*)*)*)*)*b$']);
		expect(is('other', `${'a'.repeat(3990)}!`)).toBe(false);
	});
});

it('whatever is in a list, its entries are known to it, and nothing fails', () => {
	const odd = fc.oneof(
		fc.string({ unit: 'binary', maxLength: 30 }),
		fc.ipV4Extended(),
		fc.ipV6(),
		fc.domain(),
		fc.emailAddress(),
		fc.webUrl(),
		fc.tuple(fc.ipV4(), fc.nat(33)).map((p) => p.join('/')),
		fc.string({
			unit: fc.constantFrom('a', 'b', '(', ')', '*', '.', '[', ']', '\\', '|', '/', '#', ' '),
			maxLength: 12
		})
	);
	fc.assert(
		fc.property(
			fc.array(odd, { maxLength: 8 }),
			fc.constantFrom(...TYPES),
			fc.constantFrom(...KINDS),
			(all, type, kind) => {
				for (const { list, refused } of [
					misp(type, all),
					read(`#\n${all.join('\n').replaceAll('\0', '')}`, { name: 'x', type })
				]) {
					const warnings = new Warnings([list]);
					for (const value of all) warnings.match(normalise(kind, value) ?? { kind, value });
					expect(refused).toBeLessThanOrEqual(all.join('\n').split(/[\r\n]/).length);
					if (type !== 'regex')
						for (const entry of list.entries) {
							const known: Kind[] = ['other', 'ipv4-addr', 'ipv6-addr', 'domain-name'];
							expect(
								known.some((k) => warnings.match({ kind: k, value: entry }).length === 1),
								`${type} ${JSON.stringify(entry)}`
							).toBe(true);
						}
				}
			}
		),
		{ numRuns: 3000 }
	);
});

const CORPUS = fileURLToPath(new URL('../../../../shared/corpus/', import.meta.url));
const FOLDER = `${CORPUS}taxonomies/warninglists/`;
describe.skipIf(!existsSync(FOLDER))('lists of MISP as they are published', () => {
	const manifest = () =>
		JSON.parse(readFileSync(`${CORPUS}manifest.json`, 'utf8')) as { file: string; stats: object }[];
	const all = () =>
		readdirSync(FOLDER).map((file) => ({ file, ...read(readFileSync(FOLDER + file, 'utf8'), { name: file }) }));

	it('are read whole', () => {
		const files = all();
		expect(files.length).toBeGreaterThan(5);
		for (const { file, list, refused } of files) {
			const stats = manifest().find((e) => e.file.endsWith(`/warninglists/${file}`))!.stats;
			expect({
				name: list.name,
				version: Number(list.version),
				type: list.type,
				entries: list.entries.length
			}).toEqual(expect.objectContaining(stats));
			expect(refused).toBe(0);
		}
	});

	it('know what they should', () => {
		const warnings = new Warnings(all().map((a) => a.list));
		const of = (kind: Kind, value: string) => warnings.match({ kind, value }).join();
		expect(of('ipv4-addr', '10.1.2.3')).toMatch(/RFC 1918.*RFC 5735/);
		expect(of('ipv6-addr', 'fe80::1')).toContain('link local');
		expect(of('ipv4-addr', '104.16.0.1')).toContain('Cloudflare');
		expect(of('sha-256', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')).toContain('empty files');
		expect(of('ssdeep', '3::')).toContain('empty files');
		expect(of('domain-name', '10.in-addr.arpa')).toContain('RFC 6761');
		expect(of('ipv4-addr', '8.8.8.8')).toBe('');
	});
});
