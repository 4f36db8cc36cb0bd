import { between, type Direction } from '$lib/core/direction';
import { UNLOCATED } from '$lib/core/province';
import { UNATTRIBUTED } from '$lib/core/sector';
import type { Reference } from '../store/reference';
import type { Attribution, Match } from './attribution';
import type { Fault, Report } from './format';
import { NOWHERE, type Geo } from './geo';

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
 * matches; the province else by the geographic database, if there is one; else unlocated, unattributed. A province that is stated but unknown is an error to be mended; a sector that
 * is unknown is a foreign word for something we do not name, so it counts as not stated.
 */
export function place(
	report: Report,
	type: string,
	reference: Reference,
	attribution: Attribution,
	geo: Geo = NOWHERE
): Place | Fault {
	const province =
		report.province === undefined ? undefined : reference.province.get(report.province.trim().toLowerCase());
	if (report.province !== undefined && !province)
		return {
			path: 'extra.province',
			code: 'unknown_province',
			reason: `"${report.province.slice(0, 80)}" is no province or territory that is known here; use an ISO 3166-2 code such as PK-PB, or add the name to the aliases.`
		};
	const sector = report.sector === undefined ? undefined : reference.sector.get(report.sector.trim().toLowerCase());

	const ends = { source: geo.fill(report.source), destination: geo.fill(report.destination) };
	const source = attribution.find(ends.source);
	const destination = attribution.find(ends.destination);
	const direction = between(ours(source, ends.source.country), ours(destination, ends.destination.country));
	const [first, second] = TARGETED.has(type)
		? (['destination', 'source'] as const)
		: (['source', 'destination'] as const);
	const match = source && destination ? (first === 'source' ? source : destination) : (source ?? destination);
	const found = match?.constituent;
	const located =
		(province ?? found?.province)
			? undefined
			: match
				? geo.province(ends[match === source ? 'source' : 'destination'])
				: (geo.province(ends[first]) ?? geo.province(ends[second]));

	const rules = [
		province !== undefined || sector !== undefined ? 'stated' : '',
		(province === undefined && !!found?.province) || (sector === undefined && !!found?.sector) ? match!.rule : '',
		located ? 'geo' : ''
	].filter(Boolean);
	return {
		province: province ?? found?.province ?? located ?? UNLOCATED,
		sector: sector ?? found?.sector ?? UNATTRIBUTED,
		direction,
		rule: rules.join('+') || 'none',
		constituent: found?.id ?? null
	};
}

/** An end is ours when it is a constituent's or in our country; undefined: nothing says so, and nothing says no. */
const ours = (match: Match | undefined, country: string | undefined): boolean | undefined =>
	match ? true : country === undefined ? undefined : country === OURS;
