import { hash } from 'node:crypto';
import type { Observable } from '$lib/core/observable';
import { UNDETERMINED } from '$lib/core/rsit';
import * as severity from '$lib/core/severity';
import * as tlp from '$lib/core/tlp';
import type { Facet } from '../store/facet';
import type { Reference } from '../store/reference';
import { carried } from './carried';
import { NOBODY, type Attribution } from './attribution';
import type { Fault, Report } from './format';
import { NOWHERE, type Geo } from './geo';
import { place } from './place';

/** Minutes that a clock may be ahead. */
const AHEAD = 5 * 60_000;

/** The source of a report, as far as checking needs it; `tlp` is a rank. */
export type Origin = { id: number; tlp: number };

/** A report that has been classified and placed; `constituent` is whose asset one of its ends is. */
export type Checked = {
	id: string;
	facet: Omit<Facet, 'id'>;
	rule: string;
	constituent: number | null;
	report: Report;
	/** values that it carries and that can be looked for: its addresses, and all others */
	addresses: Observable[];
	others: Observable[];
};

/**
 * Classifies and places a report, and makes its fingerprint. Pure: the same report of the same source gives the same
 * answer for as long as the reference data and the constituents stay the same.
 * @param now milliseconds since 1970
 * @param keep seconds that observations are kept
 * @param attribution whose assets the ends of a report are
 * @param geo where addresses are
 */
export function check(
	report: Report,
	origin: Origin,
	reference: Reference,
	now: number,
	keep: number,
	attribution: Attribution = NOBODY,
	geo: Geo = NOWHERE
): Checked | Fault {
	const fault = (path: string, code: string, reason: string): Fault => ({ path, code, reason, tlp: report.tlp });
	if (report.observed > now + AHEAD)
		return fault(
			'time.source',
			'future',
			`The report was observed at ${iso(report.observed)}, more than 5 minutes in the future.`
		);
	if (report.observed < now - keep * 1000)
		return fault(
			'time.source',
			'too_old',
			`The report was observed at ${iso(report.observed)}; observations are kept for ${Math.round(keep / 86_400)} days (WATCHFLOOR_KEEP_OBSERVATIONS).`
		);

	const type = reference.type.get((report.type ?? UNDETERMINED).trim().toLowerCase());
	if (!type)
		return fault(
			'classification.type',
			'unknown_type',
			`"${cut(report.type)}" is not a type of the incident taxonomy (RSIT) that is known here.`
		);
	const level =
		report.severity === undefined || /^unknown$/i.test(String(report.severity))
			? type.severity
			: severity.parse(report.severity);
	if (!level)
		return fault(
			'extra.severity',
			'unknown_severity',
			`"${cut(report.severity)}" is neither none, low, medium, high or critical nor a CVSS score.`
		);
	const marking = report.tlp === undefined ? origin.tlp : rankOf(report.tlp);
	if (marking === undefined)
		return fault(
			'extra.tlp',
			'unknown_tlp',
			`"${cut(report.tlp)}" is not a TLP label: clear, green, amber, amber+strict or red.`
		);
	const where = place(report, type.slug, reference, attribution, geo);
	if ('path' in where) return { ...where, tlp: report.tlp };

	const { province, sector, direction, rule, constituent } = where;
	return {
		id: fingerprint(origin.id, report),
		facet: { province, sector, class: type.class, type: type.slug, severity: level, direction, tlp: marking },
		rule,
		constituent,
		report,
		...carried(report)
	};
}

/** 128 bits of SHA-256 over source, observed time and identity, as a UUID: the same report of a source has the same one, for ever. */
export function fingerprint(source: number, report: Report): string {
	const h = hash('sha256', `${source}\u0004${report.observed}\u0004${report.identity}`, 'hex');
	return `${h.slice(0, 8)}-${h.slice(8, 12)}-${h.slice(12, 16)}-${h.slice(16, 20)}-${h.slice(20, 32)}`;
}

const iso = (ms: number): string => (Math.abs(ms) < 8.64e15 ? new Date(ms).toISOString() : String(ms));
const cut = (v: unknown): string => String(v).slice(0, 80);

function rankOf(text: string): number | undefined {
	const label = tlp.parse(text);
	return label && tlp.rank(label);
}
