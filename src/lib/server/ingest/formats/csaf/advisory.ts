import { normalise } from '$lib/core/observable';
import { band } from '$lib/core/severity';
import type { Thing } from '../../format';

/** What is read of a document that has passed the tests, in the words of its schema. */
export type Document = {
	document: {
		category: string;
		title: string;
		lang?: string;
		publisher: { name: string; namespace: string };
		distribution?: { tlp?: { label: string } };
		notes?: { title?: string; text: string }[];
		references?: { category?: string; url: string }[];
		tracking: {
			id: string;
			version: string;
			status: string;
			initial_release_date: string;
			current_release_date: string;
		};
	};
	product_tree?: {
		branches?: Branch[];
		full_product_names?: Product[];
		relationships?: { full_product_name: Product }[];
	};
	vulnerabilities?: {
		cve?: string;
		scores?: { cvss_v2?: { baseScore: number }; cvss_v3?: { baseScore: number } }[];
	}[];
};
type Product = { product_id: string };
type Branch = { product?: Product; branches?: Branch[] };

/** CVE numbers of which a list shows that they are in it; the claims have all. */
const SHOWN = 50;

/** The advisory that a document is. Its place is its publisher's namespace and its number there (CSAF 2.0 §3.2.1.12.4). */
export function advisory(doc: Document): Thing {
	const { document, vulnerabilities = [] } = doc;
	const { tracking, publisher } = document;
	const cves = [...new Set(vulnerabilities.flatMap((v) => v.cve ?? []))];
	const scores = vulnerabilities
		.flatMap((v) => v.scores ?? [])
		.flatMap((s) => [s.cvss_v3?.baseScore, s.cvss_v2?.baseScore]);
	const score = scores.reduce<number | undefined>((a, b) => (b === undefined ? a : Math.max(a ?? 0, b)), undefined);
	const modified = instant(tracking.current_release_date);
	return {
		kind: 'advisory',
		key: `${publisher.namespace} ${tracking.id}`,
		revision: `${tracking.version} ${modified ?? tracking.current_release_date}`,
		modified: modified ?? tracking.current_release_date,
		name: document.title.slice(0, 500),
		tlp: document.distribution?.tlp?.label,
		sectors: sectors(document.notes ?? []),
		claims: cves.map((value) => ({ kind: 'vulnerability', value, actionable: false })),
		facts: {
			id: tracking.id.slice(0, 200),
			publisher: publisher.name.slice(0, 200),
			category: document.category.slice(0, 100),
			status: tracking.status,
			version: tracking.version.slice(0, 100),
			published: instant(tracking.initial_release_date) ?? tracking.initial_release_date.slice(0, 100),
			products: products(doc.product_tree),
			vulnerabilities: vulnerabilities.length,
			cves: cves.slice(0, SHOWN),
			...(score !== undefined && { score, severity: band(score) ?? 'none' }),
			...page(document.references ?? [])
		}
	};
}

/** An RFC 3339 time as UTC with as many digits of its second as PostgreSQL keeps; undefined when there is no such day. */
export function instant(text: string): string | undefined {
	const m = /^(\d{4}-\d\d-\d\d)[Tt\s](\d\d:\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):?(\d\d))$/.exec(text);
	if (!m) return undefined;
	const [, day, clock, second, fraction, sign, hours, minutes] = m;
	// A leap second is the first of the next minute, as POSIX has it.
	const ms = Date.parse(`${day}T${clock}:00Z`);
	if (!(ms >= 0 || ms < 0) || new Date(ms).toISOString().slice(0, 10) !== day) return undefined;
	const zone = sign ? (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000 : 0;
	const at = new Date(ms + Number(second) * 1000 - zone);
	if (at.getUTCFullYear() < 1 || at.getUTCFullYear() > 9999) return undefined;
	const digits = fraction?.slice(0, 6).replace(/0+$/, '');
	return `${at.toISOString().slice(0, 19)}${digits ? `.${digits}` : ''}Z`;
}

/**
 * Sectors as notes name them, in free text: `Energy, Healthcare and Public Health, and Water.` What an "and" joins may
 * be one sector or two, so that both are said.
 */
function sectors(notes: { title?: string; text: string }[]): string[] {
	const named = notes.filter((n) => /\bsectors?\b/i.test(n.title ?? '')).map((n) => n.text.slice(0, 4000));
	const parts = named.flatMap((text) => text.split(/[,;\n|•]/)).flatMap((part) => [part, ...part.split(/\band\b|&/i)]);
	const words = parts.map((p) =>
		p
			.trim()
			.replace(/^and\s+/i, '')
			.replace(/\.$/, '')
			.replace(/\s+sectors?$/i, '')
			.trim()
	);
	return [...new Set(words)].filter((w) => w && w.length <= 100).slice(0, 100);
}

/** How many products it defines, however deep they stand. */
function products(tree: Document['product_tree'] = {}): number {
	const ids = new Set<string>();
	for (const p of tree.full_product_names ?? []) ids.add(p.product_id);
	for (const r of tree.relationships ?? []) ids.add(r.full_product_name.product_id);
	const open = [...(tree.branches ?? [])];
	for (let branch = open.pop(); branch; branch = open.pop()) {
		if (branch.product) ids.add(branch.product.product_id);
		for (const b of branch.branches ?? []) open.push(b);
	}
	return ids.size;
}

/** Where a person reads it: a page of its own rather than the document itself. */
function page(references: { category?: string; url: string }[]): { url?: string } {
	const own = references.filter((r) => r.category === 'self' && /^https?:/i.test(r.url));
	const best = own.find((r) => !/\.json$/i.test(r.url)) ?? own[0];
	const url = best && normalise('url', best.url)?.value;
	return url ? { url } : {};
}
