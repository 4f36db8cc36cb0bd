import { describe, expect, it } from 'vitest';
import { advisory, instant, type Document } from './advisory';

const of = (more: Partial<Document['document']> = {}, rest: Partial<Document> = {}) =>
	advisory({
		document: {
			category: 'csaf_security_advisory',
			title: 'Title',
			publisher: { name: 'Vendor', namespace: 'https://vendor.example' },
			tracking: {
				id: 'A-1',
				version: '1.0.0',
				status: 'final',
				initial_release_date: '2024-01-01T05:00:00+05:00',
				current_release_date: '2024-01-02T05:00:00.1234567+05:00'
			},
			...more
		},
		...rest
	});

it('an advisory is what its publisher and its number say, and its versions are told apart', () =>
	expect(of()).toMatchObject({
		kind: 'advisory',
		key: 'https://vendor.example A-1',
		revision: '1.0.0 2024-01-02T00:00:00.123456Z',
		modified: '2024-01-02T00:00:00.123456Z',
		name: 'Title',
		facts: { id: 'A-1', publisher: 'Vendor', published: '2024-01-01T00:00:00Z', cves: [], products: 0 }
	}));

it('the highest score of any version of CVSS is its severity; without one it has none', () => {
	const scores = [{ cvss_v3: { baseScore: 4 } }, { cvss_v2: { baseScore: 9.3 } }, {}];
	expect(of({}, { vulnerabilities: [{}, { scores }] }).facts).toMatchObject({ score: 9.3, severity: 'critical' });
	expect(of({}, { vulnerabilities: [{ scores: [{ cvss_v3: { baseScore: 0 } }] }] }).facts).toMatchObject({
		score: 0,
		severity: 'none'
	});
	expect(of({}, { vulnerabilities: [{}] }).facts).not.toHaveProperty('severity');
});

it('each CVE number is claimed once and as context; a list shows fifty', () => {
	const vulnerabilities = Array.from({ length: 120 }, (_, i) => ({ cve: `CVE-2024-${1000 + (i >> 1)}` }));
	const { claims, facts } = of({}, { vulnerabilities });
	expect(claims).toHaveLength(60);
	expect(claims![0]).toEqual({ kind: 'vulnerability', value: 'CVE-2024-1000', actionable: false });
	expect(facts!.cves).toHaveLength(50);
});

it('products are counted once, wherever they stand', () => {
	const product = (id: string) => ({ product_id: id });
	expect(
		of(
			{},
			{
				product_tree: {
					full_product_names: [product('a')],
					relationships: [{ full_product_name: product('a') }, { full_product_name: product('r') }],
					branches: [{ branches: [{ product: product('b') }, { branches: [{ product: product('c') }] }] }]
				}
			}
		).facts
	).toMatchObject({ products: 4 });
});

describe('sectors', () => {
	it.each([
		['Energy', ['Energy']],
		['Communications Sector', ['Communications']],
		[
			'Energy, Water and Wastewater Systems.',
			['Energy', 'Water and Wastewater Systems', 'Water', 'Wastewater Systems']
		],
		['Chemical; Energy,\nand Transportation Systems', ['Chemical', 'Energy', 'Transportation Systems']],
		['Energy and Chemical', ['Energy and Chemical', 'Energy', 'Chemical']],
		[' ,, and . ', []]
	])('%j are %j', (text, words) =>
		expect(of({ notes: [{ title: 'Critical infrastructure sectors', text }] }).sectors!.toSorted()).toEqual(
			words.toSorted()
		)
	);

	it('stand in a note that is called so', () =>
		expect(of({ notes: [{ title: 'Summary', text: 'Energy' }, { text: 'Energy' }] }).sectors).toEqual([]));
});

it('its page is the one for people, and never anything but a web address', () => {
	const page = (...urls: [string, string?][]) =>
		of({ references: urls.map(([url, category = 'self']) => ({ url, category })) }).facts!.url;
	expect(page(['https://a.example/a.json'], ['https://a.example/a'])).toBe('https://a.example/a');
	expect(page(['https://a.example/a.json'])).toBe('https://a.example/a.json');
	expect(page(['https://a.example/a', 'external'])).toBeUndefined();
	expect(page(['javascript:alert(1)'], ['urn:x:y'])).toBeUndefined();
});

it.each([
	['2024-01-01T00:00:00Z', '2024-01-01T00:00:00Z'],
	['2024-01-01T00:00:00.500Z', '2024-01-01T00:00:00.5Z'],
	['2024-01-01T00:00:00.000000Z', '2024-01-01T00:00:00Z'],
	['2024-01-01t00:00:00z', '2024-01-01T00:00:00Z'],
	['2023-12-31T19:00:00-05:00', '2024-01-01T00:00:00Z'],
	['2016-12-31T23:59:60Z', '2017-01-01T00:00:00Z'],
	['2024-02-30T00:00:00Z', undefined],
	['0000-01-01T00:00:00Z', undefined],
	['0001-01-01T00:00:00+14:00', undefined],
	['yesterday', undefined]
])('%s is the instant %s', (text, wanted) => expect(instant(text)).toBe(wanted));
