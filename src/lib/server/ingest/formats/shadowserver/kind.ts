import { UNDETERMINED } from '$lib/core/rsit';
import { ABOUT_DESTINATION, FAMILIES, FORMER, MARKED, REPORTS, SHAPES, TAGS } from './reports';

/** What a report type means: its name, how its rows are classified, and which end of them it is about. */
export type Kind = { name: string; type: string; severity?: string; feed: string; about: 'source' | 'destination' };

const kind = (name: string, type: string, feed: string, severity?: string): Kind => ({
	name,
	type,
	severity: severity || undefined,
	feed,
	about: ABOUT_DESTINATION.has(name) ? 'destination' : 'source'
});

/** One spelling of a report's name: lower case, underscores, and without the address family. */
function canonical(name: string): string {
	return name
		.toLowerCase()
		.replace(/[^a-z0-9]+/g, '_')
		.replace(/^(scan|event|population)[46]_/, '$1_')
		.replace(/^(compromised_website|compromised_iot|device_id)6$/, '$1');
}

const KINDS = new Map(REPORTS.map(([name, type, severity, feed]) => [name, kind(name, type, feed, severity)]));
const FEEDS = new Map(REPORTS.map(([name, , , feed]) => [canonical(feed), KINDS.get(name)!]));
const SIGNS = REPORTS.flatMap(([name, , , , sign]) =>
	sign ? [{ columns: sign.split(' '), kind: KINDS.get(name)! }] : []
).concat(SHAPES.map(([columns, name]) => ({ columns: columns.split(' '), kind: KINDS.get(name)! })));
const LONGEST = 60;

function known(name: string): Kind | undefined {
	return (
		KINDS.get(name) ??
		KINDS.get(Object.hasOwn(FORMER, name) ? FORMER[name]! : '') ??
		FEEDS.get(name) ??
		KINDS.get(`scan_${name}`)
	);
}

/** The meaning of a report type; one that has no row in the table is read by its family. */
export function named(type: string): Kind {
	const name = canonical(type).slice(0, LONGEST);
	const row = known(name);
	if (row) return row;
	return kind(name, FAMILIES.find(([pattern]) => pattern.test(name))?.[1] ?? UNDETERMINED, type.slice(0, LONGEST));
}

/**
 * The meaning of a file by its name, `yyyy-mm-dd-<type>-<organisation>….csv` or `<type>.csv`; undefined when it names no
 * report. A dated name is a report's, be its type known or not; another name must be a known one or of a known family.
 */
export function ofFile(filename: string): Kind | undefined {
	const base = filename
		.replace(/^.*[\\/]/, '')
		.trim()
		.replace(/\.gz$/i, '')
		.replace(/\.(csv|txt)$/i, '');
	const dated = /^\d{4}-\d{2}-\d{2}-([^-]+)/.exec(base)?.[1];
	if (dated !== undefined && /[a-z]/i.test(dated)) return named(dated);
	const start = base.split('-')[0]!;
	const row = known(canonical(base)) ?? known(canonical(start));
	if (row) return row;
	const family = named(start);
	return family.type === UNDETERMINED ? undefined : family;
}

/** The meaning of a file by its columns; undefined when they say nothing. */
export function ofColumns(names: Iterable<string>): Kind | undefined {
	const all = new Set(names);
	return SIGNS.find(({ columns }) => columns.every((c) => all.has(c)))?.kind;
}

/** The meaning of a row by its tags: the last that the table of tags knows, else the last that is a report's name. */
export function ofTags(text: string): Kind | undefined {
	const all = tags(text);
	const listed = all.findLast((tag) => Object.hasOwn(TAGS, tag));
	if (listed !== undefined) return KINDS.get(TAGS[listed]!);
	return KINDS.get(all.map((tag) => `scan_${tag.replace(/-/g, '_')}`).findLast((name) => KINDS.has(name)) ?? '');
}

/** The RSIT type of a row of a report. */
export function typeOf(kind: Kind, text: string | undefined): string {
	const marks = MARKED[kind.name];
	if (!marks || !text) return kind.type;
	const all = tags(text);
	return marks.find(([tag]) => all.includes(tag))?.[1] ?? kind.type;
}

const tags = (text: string): string[] => text.toLowerCase().split(/[,;|\s]+/);

export const UNKNOWN: Kind = kind('', UNDETERMINED, 'report');
