import { normalise, type Observable } from '$lib/core/observable';
import type { End, Report } from './format';

/** Values of a report that can be looked for, in their one form: its addresses, and all others. */
export type Carried = { addresses: Observable[]; others: Observable[] };

/** What a report carries. Who carries a URL carries the name in it. */
export function carried(report: Report): Carried {
	const out: Carried = { addresses: [], others: [] };
	ends(out, report.source);
	ends(out, report.destination);
	for (const value of report.values ?? []) add(out, value);
	return out;
}

function ends(out: Carried, end: End): void {
	if (end.ip !== undefined) add(out, normalise('ipv4-addr', end.ip));
	if (end.fqdn !== undefined) add(out, normalise('domain-name', end.fqdn));
	if (end.url === undefined) return;
	const url = normalise('url', end.url);
	add(out, url);
	if (url?.kind === 'url' && URL.canParse(url.value)) add(out, normalise('domain-name', new URL(url.value).hostname));
}

function add(out: Carried, found: Observable | undefined): void {
	if (!found) return;
	const list = found.kind === 'ipv4-addr' || found.kind === 'ipv6-addr' ? out.addresses : out.others;
	if (!list.some((o) => o.value === found.value && o.kind === found.kind)) list.push(found);
}
