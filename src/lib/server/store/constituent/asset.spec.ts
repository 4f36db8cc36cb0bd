import { describe, expect, it } from 'vitest';
import { parse } from './asset';

const value = (text: string) => {
	const asset = parse(text);
	return typeof asset === 'string' ? null : `${asset.kind} ${asset.value}`;
};

describe('an asset has one spelling', () => {
	it('as a network', () => {
		expect(
			[
				'203.0.113.7',
				'203.0.113.7/24',
				'2001:DB8:0:0::1',
				'2001:db8::ffff/32',
				'::ffff:192.0.2.0/120',
				' 10.0.0.0/8 ',
				'203.0.113.255/31'
			].map(value)
		).toEqual([
			'cidr 203.0.113.7/32',
			'cidr 203.0.113.0/24',
			'cidr 2001:db8::1/128',
			'cidr 2001:db8::/32',
			'cidr 192.0.2.0/24',
			'cidr 10.0.0.0/8',
			'cidr 203.0.113.254/31'
		]);
	});

	it('as an autonomous system', () => {
		expect(['AS17557', 'as 17557', '17557', 'ASN17557', '0017557'].map(value)).toEqual(Array(5).fill('asn AS17557'));
	});

	it('as a domain', () => {
		expect(
			['Example.PK', '*.example.pk', 'example.pk.', 'پاکستان.example.org', '_dmarc.example.pk', 'gov.pk'].map(value)
		).toEqual([
			'domain example.pk',
			'domain example.pk',
			'domain example.pk',
			'domain xn--mgbai9azgqp6j.example.org',
			'domain _dmarc.example.pk',
			'domain gov.pk'
		]);
	});

	it('or is none, and says why', () => {
		for (const text of [
			'',
			'pk',
			'example',
			'1.2.3',
			'1.2.3.4/33',
			'::/129',
			'0.0.0.0/0',
			'10.0.0.0/7',
			'::/0',
			'fe80::1%eth0',
			'AS0',
			'AS4294967296',
			'https://example.pk',
			'a@example.pk',
			'exa mple.pk',
			'-a.pk',
			'a..pk',
			`${'a'.repeat(64)}.pk`,
			'1.2.3.4/',
			'/24',
			'example.pk:80',
			'1.2.3.0-1.2.3.9'
		])
			expect(typeof parse(text), text).toBe('string');
		expect(parse('10.0.0.0/7')).toContain('too wide');
	});
});
