import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import { v4, v6 } from '$lib/core/address';
import * as asset from '../store/constituent/asset';
import { Builder, hostOf, NOBODY, type Attribution, type Held, type Owner } from './attribution';

const owner = (id: number): Owner => ({ id, sector: null, province: null });

/** An index of assets in any order: brought into the order that the database answers in. */
function index(list: { asset: string; owner: number }[]): Attribution {
	const held = list.map(({ asset: text, owner }): Held => {
		const parsed = asset.parse(text);
		if (typeof parsed === 'string') throw new Error(parsed);
		return { ...parsed, owner };
	});
	const key = (h: Held) => {
		if (h.kind !== 'cidr') return '';
		const [address, bits] = ipaddr.parseCIDR(h.value);
		return `${address.kind()} ${address
			.toByteArray()
			.map((b) => String(b).padStart(3, '0'))
			.join('.')} ${String(bits).padStart(3, '0')}`;
	};
	held.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : a.owner - b.owner));
	const builder = new Builder();
	for (const h of held) builder.add(h);
	return builder.done(Array.from({ length: 50 }, (_, i) => owner(i)));
}

const who = (a: Attribution, end: Parameters<Attribution['find']>[0]) => a.find(end)?.constituent.id;

describe('addresses', () => {
	it('are read as the library reads them', () => {
		const words = new Uint32Array(4);
		const group = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff }));
		fc.assert(
			fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
				const address = new ipaddr.IPv6(groups);
				for (const text of [address.toString(), address.toNormalizedString(), address.toRFC5952String()]) {
					expect(v6(text, words)).toBe(true);
					expect([...words].flatMap((w) => [w >>> 16, w & 0xffff])).toEqual(groups);
				}
			})
		);
		fc.assert(
			fc.property(
				fc.ipV4(),
				(text) =>
					v4(text) ===
					ipaddr.IPv4.parse(text)
						.toByteArray()
						.reduce((all, b) => all * 256 + b, 0)
			)
		);
	});

	it('that are none are refused', () => {
		const words = new Uint32Array(4);
		for (const text of [
			'',
			'1',
			'1.2.3',
			'1.2.3.4.5',
			'1..2.3',
			'1.2.3.256',
			'a.b.c.d',
			'1.2.3.4 ',
			'.1.2.3',
			'1.2.3.'
		])
			expect(v4(text), text).toBe(-1);
		for (const text of [
			'',
			':',
			':::',
			'1:2:3',
			'1::2::3',
			'12345::',
			'g::',
			'1:2:3:4:5:6:7:8:9',
			'1:2:3:4:5:6:7:',
			'::1%eth0',
			'::1.2.3',
			'1:2:3:4:5:6:7:8::'
		])
			expect(v6(text, words), text).toBe(false);
		expect(v6('::ffff:192.0.2.1', words) && [...words]).toEqual([0, 0, 0xffff, 0xc0000201]);
	});
});

describe('whose an address is', () => {
	const prefix4 = fc.tuple(
		fc.constantFrom(...Array.from({ length: 25 }, (_, i) => i + 8)),
		fc.integer({ min: 0, max: 0xffff_ffff })
	);
	const prefix6 = fc.tuple(
		fc.integer({ min: 16, max: 128 }),
		fc.array(fc.constantFrom(0, 1, 0x8000, 0xffff), { minLength: 8, maxLength: 8 })
	);

	it('is what a scan for the longest IPv4 prefix says', () => {
		// few high bits, so that prefixes often lie inside each other
		const address = fc.integer({ min: 0, max: 0xffff_ffff }).map((n) => (n & 0x0103_0f3f) >>> 0);
		fc.assert(
			fc.property(
				fc.array(fc.tuple(prefix4, fc.integer({ min: 0, max: 40 })), { maxLength: 40 }),
				fc.array(address, { minLength: 20, maxLength: 40 }),
				(prefixes, addresses) => {
					const list = prefixes.map(([[bits, n], id]) => ({
						first: bits === 32 ? n & 0x0103_0f3f : n & 0x0103_0f3f & (0xffff_ffff << (32 - bits)),
						bits,
						id
					}));
					const built = index(list.map((p) => ({ asset: `${text4(p.first >>> 0)}/${p.bits}`, owner: p.id })));
					for (const a of [
						...addresses,
						...list.map((p) => p.first >>> 0),
						...list.map((p) => Math.max(0, (p.first >>> 0) - 1)),
						0,
						0xffff_ffff
					]) {
						const over = list.filter(
							(p) => p.first >>> 0 === (p.bits === 32 ? a : (a & (0xffff_ffff << (32 - p.bits))) >>> 0)
						);
						const best = over.sort((x, y) => y.bits - x.bits || x.id - y.id)[0];
						expect(who(built, { ip: text4(a) })).toBe(best?.id);
					}
				}
			),
			{ numRuns: 300 }
		);
	});

	it('is what a scan for the longest IPv6 prefix says', () => {
		fc.assert(
			fc.property(
				fc.array(fc.tuple(prefix6, fc.integer({ min: 0, max: 40 })), { maxLength: 30 }),
				fc.array(fc.array(fc.constantFrom(0, 1, 0x8000, 0xffff), { minLength: 8, maxLength: 8 }), { maxLength: 20 }),
				(prefixes, addresses) => {
					const list = prefixes
						.map(([[bits, groups], id]) => ({ address: new ipaddr.IPv6(groups), bits, id }))
						.filter((p) => !p.address.isIPv4MappedAddress());
					const built = index(list.map((p) => ({ asset: `${p.address.toString()}/${p.bits}`, owner: p.id })));
					for (const a of [...addresses.map((g) => new ipaddr.IPv6(g)), ...list.map((p) => p.address)]) {
						if (a.isIPv4MappedAddress()) continue;
						const best = list
							.filter((p) => a.match(p.address, p.bits))
							.sort((x, y) => y.bits - x.bits || x.id - y.id)[0];
						expect(who(built, { ip: a.toString() })).toBe(best?.id);
					}
				}
			),
			{ numRuns: 300 }
		);
	});

	it('is the same for an IPv4 address inside an IPv6 one', () => {
		const built = index([{ asset: '203.0.113.0/24', owner: 3 }]);
		expect(who(built, { ip: '::ffff:203.0.113.9' })).toBe(3);
		expect(who(built, { ip: '::203.0.113.9' })).toBeUndefined();
	});

	it('is nobody’s at the edges of everything', () => {
		const built = index([
			{ asset: '255.255.255.255', owner: 1 },
			{ asset: 'ffff:ffff::/32', owner: 2 },
			{ asset: '8.0.0.0/8', owner: 3 }
		]);
		expect(
			['255.255.255.255', '255.255.255.254', '8.0.0.0', '8.255.255.255', '9.0.0.0', '7.255.255.255', '0.0.0.0'].map(
				(ip) => who(built, { ip })
			)
		).toEqual([1, undefined, 3, 3, undefined, undefined, undefined]);
		expect(
			['ffff:ffff::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'ffff:fffe::', '::'].map((ip) => who(built, { ip }))
		).toEqual([2, 2, undefined, undefined]);
	});
});

describe('an end', () => {
	const built = index([
		{ asset: '198.51.100.0/24', owner: 1 },
		{ asset: 'example.pk', owner: 2 },
		{ asset: 'mail.example.pk', owner: 3 },
		{ asset: 'AS17557', owner: 4 },
		{ asset: 'پاکستان.example.org', owner: 5 }
	]);

	it('is found by its prefix first, then by its domain, then by its AS number', () => {
		expect(built.find({ ip: '198.51.100.7', fqdn: 'www.example.pk', asn: 17557 })).toMatchObject({
			constituent: { id: 1 },
			rule: 'prefix'
		});
		expect(built.find({ ip: '192.0.2.7', fqdn: 'www.example.pk', asn: 17557 })).toMatchObject({
			constituent: { id: 2 },
			rule: 'domain'
		});
		expect(built.find({ ip: '192.0.2.7', fqdn: 'www.example.com', asn: 17557 })).toMatchObject({
			constituent: { id: 4 },
			rule: 'asn'
		});
		expect(built.find({ ip: '192.0.2.7' })).toBeUndefined();
		expect(NOBODY.find({ ip: '198.51.100.7' })).toBeUndefined();
	});

	it('belongs to the longest domain over it, and never to one that only ends alike', () => {
		expect(
			[
				'example.pk',
				'a.b.example.pk.',
				'MAIL.example.PK',
				'x.mail.example.pk',
				'badexample.pk',
				'pk',
				'mail.example.pk.evil.com'
			].map((fqdn) => who(built, { fqdn }))
		).toEqual([2, 2, 3, 3, undefined, undefined, undefined]);
		expect(who(built, { fqdn: 'www.پاکستان.example.org' })).toBe(5);
		expect(who(built, { fqdn: 'www.xn--mgbai9azgqp6j.example.org' })).toBe(5);
		expect(who(built, { fqdn: `${'a.'.repeat(400)}example.pk` })).toBeUndefined();
	});

	it('is found by the host of its URL, name or address', () => {
		expect(who(built, { url: 'https://user:p@ss@WWW.example.pk:8443/x?y=@evil.com' })).toBe(2);
		expect(who(built, { url: 'http://198.51.100.9:80/' })).toBe(1);
		expect(who(built, { url: 'http://evil.com/?u=https://example.pk' })).toBeUndefined();
		expect(who(built, { url: 'http://evil.com\\@example.pk/' })).toBeUndefined();
		expect(
			['http://[2001:db8::1]:80/x', 'example.pk/path', '//example.pk', 'http://', '', 'http://[', 'http://@'].map(
				hostOf
			)
		).toEqual(['2001:db8::1', 'example.pk', 'example.pk', undefined, undefined, undefined, undefined]);
	});

	it('of any text is found or not, but never breaks', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary' }), (text) => void built.find({ ip: text, fqdn: text, url: text, asn: 1 }))
		);
	});
});

const text4 = (n: number): string => [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255].join('.');
