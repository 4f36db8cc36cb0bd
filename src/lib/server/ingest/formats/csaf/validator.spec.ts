import { describe, expect, it } from 'vitest';
import { Thread } from './thread';
import { check, checkNow } from './validator';

/** The least that is a document of CSAF 2.0. */
const document = (more: object = {}, tracking: object = {}) =>
	JSON.stringify({
		document: {
			category: 'csaf_base',
			csaf_version: '2.0',
			publisher: { category: 'vendor', name: 'Vendor', namespace: 'https://vendor.example' },
			title: 'Title',
			tracking: {
				id: 'A-1',
				version: '1',
				status: 'final',
				initial_release_date: '2024-01-01T00:00:00Z',
				current_release_date: '2024-01-01T00:00:00Z',
				revision_history: [{ date: '2024-01-01T00:00:00Z', number: '1', summary: 'First' }],
				...tracking
			}
		},
		...more
	});

/** Each product is made of the next one in two ways: 2ⁿ ways in all, which test 6.1.3 walks one by one. */
const endless = document({
	product_tree: {
		full_product_names: [{ name: 'last', product_id: 'P60' }],
		relationships: Array.from({ length: 60 }, (_, i) => ({
			category: 'installed_on',
			product_reference: `P${i + 1}`,
			relates_to_product_reference: `P${i + 1}`,
			full_product_name: { name: `n${i}`, product_id: `P${i}` }
		}))
	}
});

describe.each([
	['aside', check],
	['while everything waits', (text: string, patience?: number) => Promise.resolve(checkNow(text, patience))]
])('a document that is tested %s', (_, test) => {
	it('is good', async () => expect(await test(document())).toBe('good'));

	it('is good with properties that CSAF does not know', async () =>
		expect(await test(document({ custom: 1 }))).toBe('good'));

	it('fails the schema before anything else', async () =>
		expect(await test(document({}, { status: 'none', version: '2' }))).toEqual({
			test: 'csaf_2_0',
			path: '/document/tracking/status',
			message: 'must be equal to one of the allowed values',
			more: 0
		}));

	it('fails a mandatory test', async () =>
		expect(await test(document({}, { version: '2' }))).toMatchObject({
			test: 'mandatoryTest_6_1_16',
			path: '/document/tracking/version'
		}));

	it('is given up when its tests come to no end, and the next one is tested', async () => {
		expect(await test(endless, 300)).toBe('exhausted');
		expect(await test(document())).toBe('good');
	});

	it('is no stack overflow when it is nested deeply', async () => {
		const deep = document({
			product_tree: { branches: [] }
		}).replace('"branches":[]', `"branches":[${'{"branches":['.repeat(20_000)}${']}'.repeat(20_000)}]`);
		expect(await test(deep)).toMatchObject({ test: 'csaf_2_0' });
		expect(await test(document())).toBe('good');
	});
});

it('many are tested one after the other, whoever asks first', async () => {
	const answers = await Promise.all([
		...Array.from({ length: 20 }, (_, i) => check(document({}, { version: i % 2 ? '2' : '1' }))),
		check(endless, 300),
		check(document())
	]);
	expect(answers.map((a) => (typeof a === 'string' ? a : a.test))).toEqual([
		...Array.from({ length: 20 }, (_, i) => (i % 2 ? 'mandatoryTest_6_1_16' : 'good')),
		'exhausted',
		'good'
	]);
});

it('a document that needs more memory than a thread has ends its thread only', async () => {
	const thread = new Thread({ maxOldGenerationSizeMb: 120 });
	expect(await thread.ask(document(), 10_000)).toBe('good');
	const greedy = document({ vulnerabilities: Array.from({ length: 500_000 }, () => 0) });
	expect(await thread.ask(greedy, 60_000)).toBe('exhausted');
	expect(thread.over).toBe(true);
});
