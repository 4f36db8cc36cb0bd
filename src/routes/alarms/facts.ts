import type { Facts } from '$lib/core/alarm';
import { full, span } from '$lib/core/clock';
import { count, rate } from '$lib/ui/base/number';

/** What an alarm goes by, as rows of a table: in the order of importance, each with its name and its unit. */
export type Line = { label: string; value: string };
type Write = { [name: string]: (list: string[]) => string };

type Fact = Facts[string];
const text = (f: Fact): string => (Array.isArray(f) ? f.join(', ') : String(f));
const time = (f: Fact): string => (typeof f === 'number' ? full(f) : text(f));
const length = (f: Fact): string => (typeof f === 'number' ? span(f) : text(f));
const whole = (f: Fact): string => (typeof f === 'number' ? count(f) : text(f));
const sigma = (f: Fact): string => (typeof f === 'number' ? `${f > 0 ? '+' : ''}${rate(f)} σ` : text(f));

const LINES = new Map<string, [label: string, write: (f: Fact) => string]>([
	['n', ['Reports', whole]],
	['expected', ['Expected', (f) => (typeof f === 'number' ? (f < 10 ? rate(f) : count(f)) : text(f))]],
	['range', ['Usual range', text]],
	['sigma', ['Deviation', sigma]],
	['peak', ['Highest so far', sigma]],
	['window', ['Window', length]],
	['minutes', ['Window', (f) => `${text(f)} min`]],
	['from', ['From', time]],
	['to', ['To', time]],
	['cadence', ['Should deliver every', length]],
	['number', ['Places', whole]],
	['count', ['Times seen', whole]],
	['kind', ['Kind', text]],
	['value', ['Value', text]],
	['class', ['Class', text]],
	['classes', ['Classes', text]],
	['sectors', ['Sectors', text]],
	['cves', ['Vulnerabilities', text]],
	['ransomware', ['Used for ransomware', whole]],
	['level', ['Level', text]],
	['phase', ['Phase', text]],
	['opened', ['Opened', time]],
	['due', ['Due', time]],
	['last', ['Last report', time]]
]);

/**
 * The facts of an alarm that a person reads. What the title or a link says already is left out.
 * @param names writes lists of slugs, by the name of the fact
 */
export function lines(facts: Facts, names: Write = {}): Line[] {
	const given = new Map(Object.entries(facts));
	const low = given.get('low');
	const high = given.get('high');
	if (typeof low === 'number' && typeof high === 'number') given.set('range', `${count(low)} to ${count(high)}`);
	return [...LINES].flatMap(([name, [label, write]]) => {
		const fact = given.get(name);
		if (fact === undefined || fact === null || (Array.isArray(fact) && !fact.length)) return [];
		const list = Array.isArray(fact) ? fact : [String(fact)];
		return [{ label, value: Object.hasOwn(names, name) ? names[name]!(list) : write(fact) }];
	});
}
