import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { members } from './members';

async function* cut(text: string, at: number[]): AsyncIterable<Uint8Array> {
	const bytes = Buffer.from(text);
	const ends = [...new Set([...at.filter((i) => i > 0 && i < bytes.length), bytes.length])].sort((a, b) => a - b);
	let from = 0;
	for (const end of ends) {
		yield Uint8Array.from(bytes.subarray(from, end));
		from = end;
	}
}
const LIMITS = { record: 1 << 20, document: 1 << 20 };
async function read(text: string, at: number[] = []): Promise<[string, string][]> {
	const out: [string, string][] = [];
	for await (const parts of members(cut(text, at), 'objects', LIMITS))
		for (const p of parts) out.push([p.of, p.bytes.toString()]);
	return out;
}

describe('records in a member of an envelope', () => {
	it('are cut out as they are, and the envelope comes after them', async () =>
		expect(
			await read('{"type":"bundle","objects":[ {"a":[1]} , {"b":"]}"},\n7, "x,y" ],"spec_version":"2.0"}')
		).toEqual([
			['element', '{"a":[1]}'],
			['element', '{"b":"]}"}'],
			['element', '7'],
			['element', '"x,y"'],
			['envelope', '{"type":"bundle","objects":[],"spec_version":"2.0"}']
		]));

	it('are values themselves where nothing holds them: bare ones, arrays, an "objects" that is no array or is deeper', async () => {
		for (const bare of [
			'{"objects":{"0":{"objects":[1]}}}',
			'{"a":{"objects":[1]}}',
			'{"a":"objects","b":[2]}',
			'{"x":["objects",[3]]}',
			'7',
			'"objects"'
		])
			for (const [before, after] of [
				['', ''],
				['[', ']'],
				['\ufeff [ ', ' ] \n']
			])
				expect(await read(before + bare + after), before + bare).toEqual([['value', bare]]);
	});

	it('come from several envelopes, one after the other or in an array', async () => {
		const one = '{"objects":[1,2]}';
		const parts = [
			['element', '1'],
			['element', '2'],
			['envelope', '{"objects":[]}']
		];
		expect(await read(one + '\n' + one)).toEqual([...parts, ...parts]);
		expect(await read(`[${one}, ${one}]`)).toEqual([...parts, ...parts]);
		expect(await read('{"objects":[]}')).toEqual([['envelope', '{"objects":[]}']]);
	});

	it.each(['{"objects":[1,2', '{"objects":[1]', '{"objects":["a', '[1', ']', '{"objects":[]}}', '[{"objects":[1]}'])(
		'are refused as a whole when it is cut off: %s',
		async (text) => expect(read(text)).rejects.toMatchObject({ code: 'broken_envelope', status: 400 })
	);

	it('are the same wherever the body is cut', async () => {
		const json = fc.json({ depthSize: 'small', maxDepth: 3 });
		await fc.assert(
			fc.asyncProperty(
				fc.array(json, { maxLength: 4 }),
				json,
				fc.boolean(),
				fc.array(fc.nat(300), { maxLength: 9 }),
				async (records, other, list, at) => {
					const envelope = `{"o": ${other},"objects" : [${records.join(' , ')}], "p":${other}}`;
					const text = list ? `[${envelope},${other}]` : envelope + '\n';
					const all = await read(text, at);
					expect(all).toEqual(await read(text));
					expect(all.filter(([of]) => of === 'element').map(([, t]) => JSON.parse(t) as unknown)).toEqual(
						records.map((r) => JSON.parse(r) as unknown)
					);
					const left = JSON.parse(all.find(([of]) => of === 'envelope')![1]) as object;
					expect(left).toEqual({ o: JSON.parse(other) as unknown, objects: [], p: JSON.parse(other) as unknown });
				}
			),
			{ numRuns: 500 }
		);
	});
});
