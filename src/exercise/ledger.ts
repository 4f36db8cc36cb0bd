import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import * as truth from './truth';
import type { Truth } from './truth';

/**
 * The file in which an exercise writes down what really happens in it, a line for each burst, campaign and outage as it
 * begins, to be compared with what was found. Started again, it goes on in the same file and says nothing twice.
 */
export class Ledger {
	readonly #known = new Set<string>();

	constructor(
		readonly file: string,
		readonly rate: number
	) {
		if (!existsSync(file)) return;
		const text = readFileSync(file, 'utf8');
		if (text && !text.endsWith('\n')) appendFileSync(file, '\n');
		for (const line of text.split('\n')) {
			try {
				const { name, from } = JSON.parse(line) as { name: string; from: string };
				this.#known.add(`${name} ${from}`);
			} catch {
				// The last line of a run that was broken off; what it would have said is said again.
			}
		}
	}

	write(found: Truth[]): void {
		let lines = '';
		for (const t of found) {
			const key = `${t.name} ${new Date(t.from * 1000).toISOString()}`;
			if (this.#known.has(key)) continue;
			this.#known.add(key);
			lines += `${truth.line(t, this.rate)}\n`;
		}
		if (lines) appendFileSync(this.file, lines);
	}
}
