import { between, type Direction } from '$lib/core/direction';
import { UNLOCATED } from '$lib/core/province';
import { UNATTRIBUTED } from '$lib/core/sector';
import type { Reference } from '../store/reference';
import type { Attribution, Match } from './attribution';
import type { Fault, Report } from './format';

/** Where a report belongs, which rule said so, and whose asset one of its ends is. `docs/attribution.md` is about this file. */
export type Place = {
	province: string;
	sector: string;
	direction: Direction;
	rule: string;
	constituent: number | null;
};

/** The country whose networks are ours. */
const OURS = 'PK';

/**
 * Types of which the destination is the victim. Of all others IntelMQ's source is the end that somebody has to clean:
 * the infected, vulnerable or abused system (IntelMQ data format, "source" and "destination").
 */
const TARGETED = new Set([
	'scanner',
	'sniffing',
	'social-engineering',
	'ids-alert',
	'brute-force',
	'exploit',
	'dos',
	'ddos'
]);

/**
 * Province and sector are decided each for itself: what the record states; else what the constituent says whose asset
 * matches; else unlocated, unattributed. A province that is stated but unknown is an error to be mended; a sector that
 * is unknown is a foreign word for something we do not name, so it counts as not stated.
 */
export function place(report: Report, type: string, reference: Reference, attribution: Attribution): Place | Fault {
	const province =
		report.province === undefined ? undefined : reference.province.get(report.province.trim().toLowerCase());
	if (report.province !== undefined && !province)
		return {
			path: 'extra.province',
			code: 'unknown_province',
			reason: `"${report.province.slice(0, 80)}" is no province or territory that is known here; use an ISO 3166-2 code such as PK-PB, or add the name to the aliases.`
		};
	const sector = report.sector === undefined ? undefined : reference.sector.get(report.sector.trim().toLowerCase());

	const source = attribution.find(report.source);
	const destination = attribution.find(report.destination);
	const direction = between(ours(source, report.source.country), ours(destination, report.destination.country));
	const match = source && destination ? (TARGETED.has(type) ? destination : source) : (source ?? destination);
	const found = match?.constituent;

	const stated = province !== undefined || sector !== undefined;
	const matched = (province === undefined && !!found?.province) || (sector === undefined && !!found?.sector);
	return {
		province: province ?? found?.province ?? UNLOCATED,
		sector: sector ?? found?.sector ?? UNATTRIBUTED,
		direction,
		rule: matched ? (stated ? `stated+${match!.rule}` : match!.rule) : stated ? 'stated' : 'none',
		constituent: found?.id ?? null
	};
}

/** An end is ours when it is a constituent's or in our country; undefined: nothing says so, and nothing says no. */
const ours = (match: Match | undefined, country: string | undefined): boolean | undefined =>
	match ? true : country === undefined ? undefined : country === OURS;
