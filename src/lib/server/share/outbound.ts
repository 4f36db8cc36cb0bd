import { stringify } from 'csv-stringify/sync';
import { label } from '$lib/core/tlp';
import type { Viewer } from '$lib/core/viewer';
import type { Client } from '../store/client';
import * as outbound from '../store/outbound';

const COLUMNS = [
	'network',
	'name',
	'type',
	'first_seen',
	'last_seen',
	'reports',
	'days_seen',
	'standing',
	'told',
	'rejected',
	'remedied',
	'came_back'
];
const iso = (s: number | null): string => (s === null ? '' : new Date(s * 1000).toISOString());

/** A text that a spreadsheet would take for a formula is marked as text. */
const text = (value: string): string => (/^[=+\-@\t\r]/.test(value) ? `'${value}` : value);

/**
 * Networks and types that the viewer may see as CSV. The first line says for whom it is, whether it is an exercise, and
 * what an address is not; the second names the columns.
 */
export async function* csv(
	client: Client,
	viewer: Viewer,
	exercise: boolean,
	rule: outbound.Rule,
	filter: outbound.Filter
): AsyncIterable<string> {
	yield stringify([
		[
			`# ${label(viewer.clearance)}${exercise ? ' EXERCISE' : ''}. Watchfloor, outbound abuse, ${iso(rule.now)}. A source address is an observed network, never an attacker's nationality.`
		],
		COLUMNS
	]);
	const told = await outbound.cases(client.sql, viewer, rule.quiet, rule.now);
	for (let cursor: string | undefined; ;) {
		const page = await outbound.page(client.sql, viewer, told, { ...filter, cursor, limit: 1000 });
		yield stringify(
			page.pairs.map((p) => [
				p.network,
				text(p.name ?? ''),
				p.type,
				iso(p.first),
				iso(p.last),
				p.count,
				p.days,
				p.standing,
				iso(p.reported),
				p.rejected ? 'yes' : '',
				iso(p.remedied),
				p.returns
			])
		);
		if (!page.next) return;
		cursor = page.next;
	}
}
