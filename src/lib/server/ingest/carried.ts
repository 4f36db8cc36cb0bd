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
	// Who has been checked to be an IPv4 address is in its form.
	if (end.ip !== undefined)
		add(out, end.ip.includes(':') ? normalise('ipv6-addr', end.ip) : { kind: 'ipv4-addr', value: end.ip });
	if (end.fqdn !== undefined) add(out, normalise('domain-name', end.fqdn));
	if (end.url === undefined) return;
	const url = normalise('url', end.url);
	add(out, url);
	const host = url && HOST.exec(url.value)?.[1];
	if (host) add(out, normalise('domain-name', host));
}

/** The host of a URL in its form. */
const HOST = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#:]+|\[[^\]]*\])/;

function add(out: Carried, found: Observable | undefined): void {
	if (!found) return;
	const list = found.kind === 'ipv4-addr' || found.kind === 'ipv6-addr' ? out.addresses : out.others;
	if (!list.some((o) => o.value === found.value && o.kind === found.kind)) list.push(found);
}
