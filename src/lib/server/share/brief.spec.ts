import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { describe, expect, it } from 'vitest';
import type { Brief } from '$lib/core/brief';
import { pdf } from './brief';

// 24 Nov 2026, 21:45 PKT
const at = Date.UTC(2026, 10, 24, 16, 45) / 1000;
const line = (label: string) => ({
	label,
	href: null,
	now: '1,234,567,890',
	was: 'not known last month',
	note: 'of 14'
});
const row = (name: string) => ({ name, value: 36, before: 55, was: '−19', band: 'critical' as const });
const plain: Brief = {
	title: 'National posture',
	tlp: 'green',
	exercise: true,
	at,
	when: 'yesterday',
	level: { level: 'high', reason: 'Floods', by: 'the duty officer', since: at - 3600, until: at + 3600 },
	then: 'was 2 yesterday',
	sentence: 'Telecom is critical because of the severe incident “Mobile core signalling flood”.',
	changed: [line('Sources silent')],
	affected: { note: 'index 0 to 100', max: 100, rows: [row('Telecom')], last: null },
	doing: [{ severity: 'severe', title: 'Credential theft', text: 'Block list sent', who: 'FinCERT', phase: 'contain' }],
	cases: 1,
	decisions: [{ what: 'Give a team to it', why: 'NCT-1' }],
	waiting: 1,
	rings: 'No alarm rings.'
};
const long = 'W'.repeat(10_000);
const busy: Brief = {
	...plain,
	title: 'Posture within your scope',
	level: { ...plain.level!, reason: long, by: long },
	sentence: `${long} ${'word '.repeat(2000)}`,
	changed: Array.from({ length: 7 }, () => line(long)),
	affected: {
		...plain.affected,
		rows: Array.from({ length: 60 }, (_, i) => row(`${i} ${long}`)),
		last: row('The nation')
	},
	doing: Array.from({ length: 8 }, () => ({ severity: 'high', title: long, text: long, who: long, phase: long })),
	cases: 40,
	decisions: Array.from({ length: 12 }, () => ({ what: long, why: long })),
	waiting: 1_234_567_890
};

/** The pages of a PDF as texts, and where the text reaches to. */
async function open(brief: Brief) {
	const document = await getDocument({ data: await pdf(brief), verbosity: 0 }).promise;
	const page = await document.getPage(1);
	const items = (await page.getTextContent()).items.flatMap((i) => ('str' in i ? [i] : []));
	return {
		pages: document.numPages,
		text: items
			.map((i) => i.str)
			.join(' ')
			.replace(/\s+/g, ' '),
		size: page.view,
		low: Math.min(...items.map((i) => i.transform[5] as number)),
		right: Math.max(...items.map((i) => (i.transform[4] as number) + i.width))
	};
}

describe('the brief on paper', () => {
	it('is one page of A4 with its marking, that it is an exercise, and the time in head and foot', async () => {
		const { pages, text, size } = await open(plain);
		expect([pages, Math.round(size[2]!), Math.round(size[3]!)]).toEqual([1, 595, 842]);
		for (const said of ['TLP:GREEN', 'EXERCISE', 'Tue 24 Nov 2026, 21:45 PKT · 16:45 UTC'])
			expect(text.split(said).length - 1, said).toBe(2);
		for (const said of [
			'Level 4 · High',
			'was 2 yesterday',
			plain.sentence,
			'Credential theft',
			'Give a team to it',
			'−19'
		])
			expect(text).toContain(said);
	});

	it('stays one page, and within it, whatever it holds, and counts what has no room', async () => {
		const { pages, text, low, right } = await open(busy);
		expect(pages).toBe(1);
		expect(low).toBeGreaterThan(20);
		expect(right).toBeLessThan(595 - 30);
		expect(text).toMatch(/and 1,234,567 ?,\d\d\d more/);
		expect(text).toMatch(/and 3\d more/);
	});

	it('takes text for text: right to left, without a letter, and what turns or controls it', async () => {
		const urdu = 'ہسپتال کا ریکارڈ (لاہور)';
		const { pages, text } = await open({
			...plain,
			doing: [
				{
					...plain.doing[0]!,
					title: `${urdu} in Punjab`,
					text: 'a\u0000b\u001b[31m\u202Egnp.exe\u2066 😀😀 <b>x</b>\n\tend'
				},
				{ ...plain.doing[0]!, title: 'Z\u0351\u034a\u0352a\u0300lgo', text: '漢字 only' }
			]
		});
		expect(pages).toBe(1);
		expect(text).toContain('a b [31mgnp.exe [?] <b>x</b> end');
		expect(text).toContain('in Punjab');
		expect(text).toMatch(/[؀-ۿ]{3}/);
		expect(text).toContain('[?] only');
	});

	it('has nothing to say where nothing is: no level, no case, no decision, no value', async () => {
		const { text } = await open({
			...plain,
			level: null,
			then: 'none was declared yesterday',
			exercise: false,
			affected: { ...plain.affected, rows: [{ ...row('Water'), value: null, was: 'no source', band: null }] },
			doing: [],
			cases: 0,
			decisions: [],
			waiting: 0
		});
		for (const said of [
			'No level declared',
			'No severe or high incident is open.',
			'Nothing waits for a decision.',
			'no source'
		])
			expect(text).toContain(said);
		expect(text).not.toContain('EXERCISE');
	});

	it('is the same for the same brief, byte for byte', async () =>
		expect(Buffer.from(await pdf(plain)).equals(Buffer.from(await pdf(plain)))).toBe(true));
});
