import Papa from 'papaparse';

/** A file of the corpus, and how it becomes a long body: copies in which every record is another one. */
export type Sample = {
	format: string;
	/** in the corpus: the largest file of its format, or one that holds more of what is read */
	file: string;
	/** `lines`: a record a line; `documents`: one after another with an empty line between; `one`: a single document */
	shape: 'lines' | 'documents' | 'one';
	/** Copies of the text, from number `from` on, as one body. A copy with another number shares no record with them. */
	grow(text: string, from: number, copies: number): string;
};

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
const numbers = (from: number, copies: number) => Array.from({ length: copies }, (_, i) => from + i);
/** JSON as the file has it: on one line, or indented. */
const write = (value: unknown, text: string): string => JSON.stringify(value, null, /\n([ \t]+)"/.exec(text)?.[1]);
const hex = (n: number, width: number): string => n.toString(16).padStart(width, '0').slice(-width);

/** A grower whose copies are texts of their own. */
const each =
	(between: string, copy: (text: string, n: number) => string): Sample['grow'] =>
	(text, from, copies) =>
		numbers(from, copies)
			.map((n) => copy(text, n))
			.join(between);

/** Ids of objects, all but those of markings: they are the same in every copy and every bundle. */
const IDS = /([a-z0-9-]+--)[0-9a-f]{8}(?=-[0-9a-f]{4}-)/g;
const stix = (text: string, n: number): string =>
	text
		.replace(IDS, (id, type: string) => (type === 'marking-definition--' ? id : `${type}${hex(n, 4)}${id.slice(-4)}`))
		.replace(/(domain-name:value\s*=\s*')/g, `$1c${n}.`);

/** UUIDs and the values of attributes, as far as their types let them change. */
function misp(value: Json, n: number): Json {
	if (Array.isArray(value)) return value.map((v) => misp(v, n));
	if (typeof value !== 'object' || value === null) return value;
	const out = Object.fromEntries(Object.entries(value).map(([name, v]) => [name, misp(v, n)]));
	if (typeof out.uuid === 'string') out.uuid = hex(n, 4) + out.uuid.slice(4);
	if (typeof out.type !== 'string' || typeof out.value !== 'string') return out;
	if (/^(md5|sha\d+)$/.test(out.type)) out.value = hex(n, 4) + out.value.slice(4);
	else if (out.type === 'domain' || out.type === 'hostname') out.value = `c${n}.${out.value}`;
	else if (/^ip-/.test(out.type)) out.value = out.value.replace(/^\d+\.\d+/, `${1 + (n % 223)}.${(n >> 8) & 255}`);
	else if (!/^(link|url|vulnerability|port|email.*)$/.test(out.type)) out.value += ` ${n}`;
	return out;
}

export const SAMPLES: Sample[] = [
	{
		format: 'intelmq',
		file: 'intelmq/expected_from_shadowserver.jsonl',
		shape: 'lines',
		grow: each('', (text, n) =>
			text.replace(/^.+$/gm, (line) => {
				const value = JSON.parse(line) as { event?: Record<string, unknown> };
				(value.event ?? (value as Record<string, unknown>))['extra.copy'] = n;
				return JSON.stringify(value);
			})
		)
	},
	{
		format: 'shadowserver',
		file: 'shadowserver/intelmq-testdata/scan_ssl_freak.csv',
		shape: 'one',
		grow(text, from, copies) {
			const [header, ...rows] = Papa.parse<string[]>(text.trim()).data;
			const at = header!.indexOf('ip');
			const all = numbers(from, copies).flatMap((n) =>
				rows.map((row, i) => row.with(at, `10.${n >> 8}.${n & 255}.${i}`))
			);
			return Papa.unparse([header!, ...all], { quotes: true, newline: '\n' });
		}
	},
	{
		format: 'eve',
		file: 'suricata/suricatalog/eve-2.json',
		shape: 'lines',
		grow: each('', (text, n) => text.replace(/("flow_id": ?)\d*?(\d{1,12}),/g, `$1${n + 1}$2,`))
	},
	{
		format: 'eve',
		file: 'suricata/frank/first-org-conf-2015-alerts-only.json',
		shape: 'one',
		grow: (text, from, copies) =>
			`[${each(',', (t, n) =>
				t
					.trim()
					.slice(1, -1)
					.replace(/("flow_id": ?)\d*?(\d{1,12}),/g, `$1${n + 1}$2,`)
			)(text, from, copies)}]`
	},
	{
		format: 'stix',
		file: 'stix/attack/ics-attack-8.0-stix2.1.json',
		shape: 'documents',
		grow: each('\n\n', stix)
	},
	{
		format: 'stix',
		file: 'stix/amnesty/2021-12-16_cytrox__cytrox.stix2',
		shape: 'documents',
		grow: each('\n\n', stix)
	},
	...['misp/eset/winter_vivern__misp-wintervivern.event.json', 'misp/eset/invisimole__misp_invisimole.json'].map(
		(file): Sample => ({
			format: 'misp',
			file,
			shape: 'documents',
			grow: each('\n\n', (text, n) => write(misp(JSON.parse(text) as Json, n), text))
		})
	),
	{
		format: 'kev',
		file: 'kev/known_exploited_vulnerabilities.json',
		shape: 'one',
		grow(text, from, copies) {
			const { vulnerabilities, ...rest } = JSON.parse(text) as { vulnerabilities: { cveID: string }[] };
			// Every number gets as many digits before it.
			const all = numbers(from, copies).flatMap((n) =>
				vulnerabilities.map((v) => ({ ...v, cveID: v.cveID.replace(/(?<=-\d+-)/, String(10_000 + n)) }))
			);
			return write({ ...rest, vulnerabilities: all }, text);
		}
	},
	{
		format: 'csaf',
		file: 'csaf/cisa/OT/white/2024/icsa-24-284-10.json',
		shape: 'documents',
		grow: each('\n\n', (text, n) => {
			const value = JSON.parse(text) as { document: { tracking: { id: string } } };
			value.document.tracking.id += `-${n}`;
			return write(value, text);
		})
	}
];
