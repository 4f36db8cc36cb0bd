/**
 * Reads STIX patterns (STIX 2.1, part 9, "STIX Patterning"; the grammar is its appendix). A pattern is a tree of
 * observations in brackets; inside each, comparisons of a path with a literal.
 */
export type Literal = { is: 'text' | 'number' | 'bool' | 'hex' | 'binary' | 'time'; text: string };
/** `steps` are the names after the object's type; an index or `*` in brackets is left out. */
export type Test = {
	path: string;
	type: string;
	steps: string[];
	operator: string;
	negated: boolean;
	values: Literal[];
};
export type Node =
	{ is: 'test'; test: Test } | { is: 'and' | 'or' | 'followed'; nodes: Node[] } | { is: 'observation'; node: Node };

/** What is wrong, and where: characters from the beginning. */
export class Unreadable extends Error {
	constructor(
		what: string,
		readonly at: number,
		/** it may be right, and is more than is read */
		readonly beyond = false
	) {
		super(what);
	}
}

type Token = {
	kind: 'word' | 'text' | 'number' | 'mark' | 'hex' | 'binary' | 'time' | 'end';
	text: string;
	at: number;
};

/** Longest pattern, deepest nesting: a hostile one must not fill the stack. */
const LONGEST = 100_000;
const DEEPEST = 100;

const SKIP = /(?:[\s\u0085\u00a0]+|\/\*[\s\S]*?\*\/|\/\/[^\r\n]*)+/y;
const TEXT = /'(?:[^'\\]|\\'|\\\\)*'/y;
const TIME =
	/t'[0-9]{4}-(?:0[1-9]|1[012])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\.[0-9]+)?Z'/y;
const HEX = /h'(?:[a-fA-F0-9]{2})*'/y;
const BINARY = /b'(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?'/y;
const NUMBER = /[+-]?(?:[0-9]*\.[0-9]+|0|[1-9][0-9]*)(?![0-9])/y;
const WORD = /[a-zA-Z_][a-zA-Z0-9_-]*/y;
const MARK = /==|!=|<>|<=|>=|[=<>:.,()[\]*]/y;

const KEYWORDS = new Set(
	'AND OR NOT FOLLOWEDBY LIKE MATCHES ISSUPERSET ISSUBSET EXISTS LAST IN START STOP SECONDS true false WITHIN REPEATS TIMES'.split(
		' '
	)
);

function tokens(text: string): Token[] {
	const out: Token[] = [];
	let at = 0;
	const take = (kind: Token['kind'], form: RegExp, from = 0, to = 0): boolean => {
		form.lastIndex = at;
		const found = form.exec(text)?.[0];
		if (found === undefined) return false;
		out.push({ kind, text: found.slice(from, found.length - to), at });
		at += found.length;
		return true;
	};
	for (;;) {
		SKIP.lastIndex = at;
		at += SKIP.exec(text)?.[0].length ?? 0;
		if (at >= text.length) break;
		if (
			take('time', TIME, 2, 1) ||
			take('hex', HEX, 2, 1) ||
			take('binary', BINARY, 2, 1) ||
			take('text', TEXT, 1, 1) ||
			take('number', NUMBER) ||
			take('word', WORD) ||
			take('mark', MARK)
		)
			continue;
		throw new Unreadable(`"${text.slice(at, at + 20)}" is nothing that a pattern may hold`, at);
	}
	out.push({ kind: 'end', text: '', at: text.length });
	return out;
}

/** @throws Unreadable */
export function parse(text: string, version: '2.0' | '2.1' = '2.1'): Node {
	if (text.length > LONGEST) throw new Unreadable(`It has ${text.length} characters; ${LONGEST} are read`, 0, true);
	return new Parser(tokens(text), version).pattern();
}

class Parser {
	#i = 0;
	#depth = 0;

	constructor(
		readonly tokens: Token[],
		readonly version: '2.0' | '2.1'
	) {}

	pattern(): Node {
		const node = this.#followed();
		if (this.#now.kind !== 'end') this.#fail('the end, AND, OR or FOLLOWEDBY');
		return node;
	}

	get #now(): Token {
		return this.tokens[this.#i]!;
	}

	#fail(wanted: string): never {
		const { kind, text, at } = this.#now;
		throw new Unreadable(`${kind === 'end' ? 'it ends' : `"${text.slice(0, 40)}" stands`} where ${wanted} should`, at);
	}

	#is(text: string, kind: Token['kind'] = 'mark'): boolean {
		return this.#now.kind === kind && this.#now.text === text;
	}

	#skip(text: string, kind: Token['kind'] = 'mark'): boolean {
		if (!this.#is(text, kind)) return false;
		this.#i++;
		return true;
	}

	#want(text: string, kind: Token['kind'] = 'mark'): void {
		if (!this.#skip(text, kind)) this.#fail(text);
	}

	#deeper<T>(work: () => T): T {
		if (++this.#depth > DEEPEST) throw new Unreadable('it is nested too deep', this.#now.at, true);
		const out = work();
		this.#depth--;
		return out;
	}

	#list(is: 'and' | 'or' | 'followed', word: string, next: () => Node): Node {
		const nodes = [next()];
		while (this.#skip(word, 'word')) nodes.push(next());
		return nodes.length === 1 ? nodes[0]! : { is, nodes };
	}

	#followed(): Node {
		return this.#list('followed', 'FOLLOWEDBY', () =>
			this.#list('or', 'OR', () => this.#list('and', 'AND', () => this.#observation()))
		);
	}

	#observation(): Node {
		let node: Node;
		const bare = !this.#skip('(');
		if (!bare) {
			node = this.#deeper(() => this.#followed());
			this.#want(')');
		} else {
			this.#want('[');
			node = { is: 'observation', node: this.#comparison() };
			this.#want(']');
		}
		// Each qualifier once; around brackets of their own they may come again.
		const had = new Set<string>();
		for (;;) {
			const { text } = this.#now;
			if (had.has(text)) this.#fail('another qualifier');
			if (bare && ['START', 'WITHIN', 'REPEATS'].includes(text)) had.add(text);
			if (this.#skip('START', 'word')) {
				this.#moment();
				this.#want('STOP', 'word');
				this.#moment();
			} else if (this.#skip('WITHIN', 'word')) {
				if (this.#now.kind !== 'number' || this.#now.text.startsWith('-')) this.#fail('a number of seconds');
				this.#i++;
				this.#want('SECONDS', 'word');
			} else if (this.#skip('REPEATS', 'word')) {
				if (this.#now.kind !== 'number' || !/^\+?\d+$/.test(this.#now.text)) this.#fail('a whole number');
				this.#i++;
				this.#want('TIMES', 'word');
			} else return node;
		}
	}

	#moment(): void {
		if (this.#now.kind !== 'time' && !(this.version === '2.0' && this.#now.kind === 'text'))
			this.#fail("a time such as t'2024-01-15T12:30:45Z'");
		this.#i++;
	}

	#comparison(): Node {
		return this.#list('or', 'OR', () => this.#list('and', 'AND', () => this.#test()));
	}

	#test(): Node {
		if (this.#skip('(')) {
			const node = this.#deeper(() => this.#comparison());
			this.#want(')');
			return node;
		}
		if (this.#skip('EXISTS', 'word'))
			return { is: 'test', test: { ...this.#path(), operator: 'EXISTS', negated: false, values: [] } };
		const path = this.#path();
		const negated = this.#skip('NOT', 'word');
		const { kind, text } = this.#now;
		const operator = kind === 'mark' && text === '==' ? '=' : text;
		this.#i++;
		if (kind === 'mark' && ['=', '==', '!=', '<>'].includes(text))
			return { is: 'test', test: { ...path, operator, negated, values: [this.#literal()] } };
		if (kind === 'mark' && ['<', '>', '<=', '>='].includes(text)) {
			if (this.#is('true', 'word') || this.#is('false', 'word')) this.#fail('something that has an order');
			return { is: 'test', test: { ...path, operator, negated, values: [this.#literal()] } };
		}
		if (kind === 'word' && ['LIKE', 'MATCHES', 'ISSUBSET', 'ISSUPERSET'].includes(text)) {
			if (this.#now.kind !== 'text') this.#fail('a text in quotes');
			return { is: 'test', test: { ...path, operator, negated, values: [this.#literal()] } };
		}
		if (kind === 'word' && text === 'IN')
			return { is: 'test', test: { ...path, operator, negated, values: this.#set() } };
		this.#i--;
		return this.#fail('a comparison');
	}

	#set(): Literal[] {
		this.#want('(');
		const values: Literal[] = [];
		if (this.#skip(')')) return values;
		do values.push(this.#literal());
		while (this.#skip(','));
		this.#want(')');
		return values;
	}

	#literal(): Literal {
		const { kind, text } = this.#now;
		this.#i++;
		if (kind === 'text') return { is: 'text', text: text.replace(/\\(['\\])/g, '$1') };
		if (kind === 'number' || kind === 'hex' || kind === 'binary' || kind === 'time') return { is: kind, text };
		if (kind === 'word' && (text === 'true' || text === 'false')) return { is: 'bool', text };
		this.#i--;
		return this.#fail('a literal');
	}

	#path(): Pick<Test, 'path' | 'type' | 'steps'> {
		const type = this.#name('the type of an object');
		this.#want(':');
		const steps = [this.#step()];
		let path = `${type}:${steps[0]}`;
		for (;;) {
			if (this.#skip('.')) {
				const step = this.#step();
				steps.push(step);
				path += `.${step}`;
			} else if (this.#is('[')) {
				this.#i++;
				if (!this.#skip('*')) {
					if (this.#now.kind !== 'number' || !/^[+-]?\d+$/.test(this.#now.text)) this.#fail('an index or *');
					this.#i++;
				}
				this.#want(']');
				path += '[*]';
			} else return { path, type, steps };
		}
	}

	#name(wanted: string): string {
		const { kind, text } = this.#now;
		if (kind !== 'word' || KEYWORDS.has(text)) this.#fail(wanted);
		this.#i++;
		return text;
	}

	#step(): string {
		const { kind, text } = this.#now;
		if (kind === 'text') {
			this.#i++;
			return text.replace(/\\(['\\])/g, '$1');
		}
		if (text.includes('-')) this.#fail('a property (one with a hyphen is quoted)');
		return this.#name('a property');
	}
}

/** All comparisons of a pattern; `partial` where one alone was not meant. */
export function tests(node: Node, partial = false): { test: Test; partial: boolean }[] {
	switch (node.is) {
		case 'test':
			return [{ test: node.test, partial }];
		case 'observation':
			return tests(node.node, partial);
		case 'or':
			return node.nodes.flatMap((n) => tests(n, partial));
		default:
			return node.nodes.flatMap((n) => tests(n, true));
	}
}
