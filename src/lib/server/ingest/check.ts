import { hash } from 'node:crypto';
import { between } from '$lib/core/direction';
import { UNLOCATED } from '$lib/core/province';
import { UNDETERMINED } from '$lib/core/rsit';
import { UNATTRIBUTED } from '$lib/core/sector';
import * as severity from '$lib/core/severity';
import * as tlp from '$lib/core/tlp';
import type { Facet } from '../store/facet';
import type { Reference } from '../store/reference';
import type { Fault, Report } from './format';

/** Minutes that a clock may be ahead. */
const AHEAD = 5 * 60_000;

/** The source of a report, as far as checking needs it; `tlp` is a rank. */
export type Origin = { id: number; tlp: number };

/** A report that has been classified and placed. */
export type Checked = { id: string; facet: Omit<Facet, 'id'>; rule: string; report: Report };

/** The country whose networks are ours. */
const OURS = 'PK';

/**
 * Classifies and places a report, and makes its fingerprint. Pure: the same report of the same source gives the same
 * answer for as long as the reference data stays the same.
 * @param now milliseconds since 1970
 * @param keep seconds that observations are kept
 */
export function check(report: Report, origin: Origin, reference: Reference, now: number, keep: number): Checked | Fault {
	const fault = (path: string, code: string, reason: string): Fault => ({ path, code, reason, tlp: report.tlp });
	if (report.observed > now + AHEAD) return fault('time.source', 'future', `The report was observed at ${iso(report.observed)}, more than 5 minutes in the future.`);
	if (report.observed < now - keep * 1000) return fault('time.source', 'too_old', `The report was observed at ${iso(report.observed)}; observations are kept for ${Math.round(keep / 86_400)} days (WATCHFLOOR_KEEP_OBSERVATIONS).`);

	const type = reference.type.get((report.type ?? UNDETERMINED).trim().toLowerCase());
	if (!type) return fault('classification.type', 'unknown_type', `"${cut(report.type)}" is not a type of the incident taxonomy (RSIT) that is known here.`);
	const level = report.severity === undefined || /^unknown$/i.test(String(report.severity)) ? type.severity : severity.parse(report.severity);
	if (!level) return fault('extra.severity', 'unknown_severity', `"${cut(report.severity)}" is neither none, low, medium, high or critical nor a CVSS score.`);
	const marking = report.tlp === undefined ? origin.tlp : rankOf(report.tlp);
	if (marking === undefined) return fault('extra.tlp', 'unknown_tlp', `"${cut(report.tlp)}" is not a TLP label: clear, green, amber, amber+strict or red.`);
	const place = locate(report, reference);
	if ('path' in place) return { ...place, tlp: report.tlp };

	const direction = between(ours(report.source.country), ours(report.destination.country));
	return {
		id: fingerprint(origin.id, report),
		facet: { ...place.where, class: type.class, type: type.slug, severity: level, direction, tlp: marking },
		rule: place.rule,
		report
	};
}

/**
 * Where a report belongs, and which rule said so. The order of `design.md`: what the record states; then constituents
 * and geography, which are asked here when they exist; else unlocated and unattributed. A province that is stated but
 * unknown is an error to be mended; a sector that is unknown is a foreign word for something we do not name.
 */
function locate(report: Report, reference: Reference): { where: { province: string; sector: string }; rule: string } | Fault {
	const province = report.province === undefined ? UNLOCATED : reference.province.get(report.province.trim().toLowerCase());
	if (!province) return { path: 'extra.province', code: 'unknown_province', reason: `"${cut(report.province)}" is no province or territory that is known here; use an ISO 3166-2 code such as PK-PB, or add the name to the aliases.` };
	const sector = (report.sector === undefined ? undefined : reference.sector.get(report.sector.trim().toLowerCase())) ?? UNATTRIBUTED;
	return { where: { province, sector }, rule: province === UNLOCATED && sector === UNATTRIBUTED ? 'none' : 'stated' };
}

/** 128 bits of SHA-256 over source, observed time and identity, as a UUID: the same report of a source has the same one, for ever. */
function fingerprint(source: number, report: Report): string {
	const h = hash('sha256', `${source}\u0004${report.observed}\u0004${report.identity}`, 'hex');
	return `${h.slice(0, 8)}-${h.slice(8, 12)}-${h.slice(12, 16)}-${h.slice(16, 20)}-${h.slice(20, 32)}`;
}

const ours = (country: string | undefined): boolean | undefined => (country === undefined ? undefined : country === OURS);
const iso = (ms: number): string => (Math.abs(ms) < 8.64e15 ? new Date(ms).toISOString() : String(ms));
const cut = (v: unknown): string => String(v).slice(0, 80);

function rankOf(text: string): number | undefined {
	const label = tlp.parse(text);
	return label && tlp.rank(label);
}
