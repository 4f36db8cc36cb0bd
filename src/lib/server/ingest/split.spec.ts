import { describe, expect, it } from 'vitest';
import * as split from './split';

const LIMITS = { record: 1000, document: 1000 };
async function read(how: typeof split.lines, ...parts: string[]): Promise<[string, number][]> {
	const out: [string, number][] = [];
	async function* body() {
		for (const part of parts) yield Buffer.from(part);
	}
	for await (const pieces of how(body(), LIMITS)) for (const p of pieces) out.push([p.bytes.toString(), p.line]);
	return out;
}

describe('lines', () => {
	it('are numbered as an editor numbers them, empty ones included', async () => {
		expect(await read(split.lines, 'a\n\n  \r\nb\r\n', 'c', 'd\n\ne')).toEqual([
			['a', 1],
			['b', 4],
			['cd', 5],
			['e', 7]
		]);
	});

	it('lose a byte order mark at the very start only', async () => {
		expect(await read(split.lines, '\ufeffa\n\ufeffb')).toEqual([
			['a', 1],
			['\ufeffb', 2]
		]);
	});
});

describe('values', () => {
	it('are the elements of one array, or what stands one after another', async () => {
		const want = [
			['{"a":[1,"]"]}', 1],
			['2', 2],
			['"x,y"', 3],
			['null', 4]
		];
		expect(await read(split.values, '[{"a":[1,"]"]} , 2,"x,y",null]')).toEqual(want);
		expect(await read(split.values, '{"a":[1,"]"]}\n2 "x,y"\tnull')).toEqual(want);
	});

	it('go on after the array', async () =>
		expect(await read(split.values, '[1]{"a":2}[3]')).toEqual([
			['1', 1],
			['{"a":2}', 2],
			['[3]', 3]
		]));
	it('are cut out also where brackets do not match: whoever parses them finds it', async () =>
		expect(await read(split.values, '{"a":1] {}')).toEqual([
			['{"a":1]', 1],
			['{}', 2]
		]));
	it('do not end in a quotation mark that is escaped', async () =>
		expect(await read(split.values, '["\\', '"', '\\\\", "b"]')).toEqual([
			['"\\"\\\\"', 1],
			['"b"', 2]
		]));

	it.each(['[1', '{"a":{}', '"a', ']', '{}}', '[[1]'])('of %s are a broken envelope', async (text) => {
		await expect(read(split.values, text)).rejects.toMatchObject({ code: 'broken_envelope', status: 400 });
	});
});
