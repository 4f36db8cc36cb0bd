/** The part of a record's text that a reason is about: from `start` to before `end`. */
export type Mark = { start: number; end: number };

/** Deeper records are not searched: a hostile one must not exhaust the stack. */
const DEEP = 64;

/**
 * Where in the text of a JSON record a path stands (`classification.type`): either as one key with that name, as
 * IntelMQ writes it, or as a key in an object in that key, or as an index in a list. The mark covers key and value.
 * Null when the text is no JSON up to there, or has no such place.
 */
export function find(text: string, path: string): Mark | null {
	if (path === '') return null;
	let at = 0;
	let found: Mark | null = null;
	class Stop extends Error {}

	const space = () => {
		while (/\s/.test(text[at] ?? '')) at++;
	};
	const expect = (c: string) => {
		space();
		if (text[at] !== c) throw new Stop();
		at++;
	};
	const word = (): string => {
		const start = at;
		expect('"');
		while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
		expect('"');
		try {
			return JSON.parse(text.slice(start, at).trim()) as string;
		} catch {
			throw new Stop();
		}
	};
	const join = (prefix: string, key: string) => (prefix ? `${prefix}.${key}` : key);
	const value = (prefix: string, depth: number): void => {
		space();
		const c = text[at];
		if (depth > DEEP) throw new Stop();
		if (c === '{' || c === '[') {
			const close = c === '{' ? '}' : ']';
			at++;
			space();
			if (text[at] === close) return void at++;
			for (let index = 0; ; index++) {
				space();
				const start = at;
				let key = String(index);
				if (c === '{') {
					key = word();
					expect(':');
				}
				const here = join(prefix, key);
				const whole = here === path;
				// A value that cannot be read still has its key.
				if (whole) found = { start, end: at };
				if (whole || path.startsWith(`${here}.`)) value(here, depth + 1);
				else value('\0', depth + 1);
				if (whole) {
					found = { start, end: at };
					throw new Stop();
				}
				space();
				if (text[at] !== ',') break;
				at++;
			}
			expect(close);
		} else if (c === '"') word();
		else {
			const start = at;
			while (at < text.length && !/[\s,\]}]/.test(text[at] ?? '')) at++;
			if (at === start) throw new Stop();
		}
	};
	try {
		value('', 0);
	} catch (e) {
		if (!(e instanceof Stop)) throw e;
	}
	return found;
}

/**
 * Text that shows what it holds: control characters as their pictures, and the characters that turn the direction of
 * writing (which can make a record read as another) as a replacement. Every character stays one, so marks still fit.
 */
export const plain = (text: string): string =>
	text.replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, (c) => {
		const code = c.charCodeAt(0);
		if (c === '\n' || c === '\t') return c;
		return code < 0x20 ? String.fromCharCode(0x2400 + code) : code === 0x7f ? '\u2421' : '\ufffd';
	});
