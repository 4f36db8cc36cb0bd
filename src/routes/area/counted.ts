import { day, pkt } from '$lib/core/clock';
import { label, type Tlp } from '$lib/core/tlp';

/** How a figure was counted: what, from which sources, in which window, what is left out. */
export type How = { what: string; sources: string; window: string; left: string };
type Seat = { clearance: Tlp; sectors: string[] | null; provinces: string[] | null };

/** How the figures of the page of an area are counted, in words. `since`: the first hour that is shown (epoch seconds). */
export function counted(kind: 'sector' | 'province', name: string, seat: Seat, since: number) {
	const sources = `All sources that report to this server and are marked up to ${label(seat.clearance)}, which is your clearance.`;
	const window = `From ${day(since)}, ${pkt(since)} PKT to now: 23 whole hours and the present one so far, by the time of observation. A late report is counted in the hour in which it was observed.`;
	const scope = seat.sectors || seat.provinces ? ' What lies outside your scope is left out too.' : '';
	const left = `Tests, duplicates of a report that was counted, and what could not be read (it is in quarantine).${scope}`;
	const of = (by: string) => `Observations in ${name}, ${by}. One observation is one thing that one source saw once.`;
	const usual =
		' The σ compares the last 60 whole minutes with what is usual for this time of day and week, learned from earlier weeks.';
	const places =
		kind === 'sector'
			? of('by the province that the report states or that is known of the organisation hit') +
				usual +
				' Rates divide by the population that the list of provinces names.'
			: of('by the sector of the organisation hit') + usual;
	const minute = 'It is counted again each minute.';
	return {
		places: {
			what: places,
			sources,
			window,
			left: `${left} ${kind === 'sector' ? 'What no province is known of stands as Unlocated.' : 'What no sector is known of stands as Unattributed.'}`
		},
		kinds: {
			what: `${of('by class of the RSIT taxonomy and by hour')} Colours are of counts: by class and hour there is nothing usual to compare with; each class’s last 60 minutes are compared in the last column.`,
			sources,
			window,
			left
		},
		types: { what: of('by type of the RSIT taxonomy'), sources, window: `${window} ${minute}`, left },
		ways: {
			what: `${of('by direction')} Inbound is against a network of ours, outbound from one, internal between two; not known where no end is known to be ours.`,
			sources,
			window: `${window} ${minute}`,
			left
		},
		open: {
			what: `Incidents (cases that a CERT works on) in ${name} that are not closed. A target is our proposal: no official deadline is known.`,
			sources: `People who open cases here, and programs that do so for them, marked up to ${label(seat.clearance)}.`,
			window: 'All that are open now, whenever they were opened.',
			left: `Closed cases.${scope}`
		},
		hits: {
			what: `Observations in ${name} at an end that is an asset of a constituent, against it or within it.`,
			sources,
			window: `The last 60 minutes. ${minute}`,
			left: `${left} What leaves a constituent, and reports about nobody that is known.`
		},
		campaigns: {
			what: 'Reports that share an indicator or another clue at several constituents or sectors; the number is of all its reports that you may see, in other places too.',
			sources,
			window: 'All open campaigns among the newest 50; one without a report for a while is quiet and not listed.',
			left: 'Quiet and dismissed campaigns, and what only one constituent saw.'
		},
		hot: {
			what: `Indicators that somebody says to look for, by the observations in ${name} that carry them.`,
			sources: `${sources} The claims behind an indicator are marked up to the same.`,
			window: `The last 24 hours. ${minute}`,
			left: `Withdrawn and expired ones, and values on a list of values known to be good. ${left}`
		},
		last: {
			what: `The latest observations in ${name}, by the time of observation.`,
			sources,
			window: `The newest 20. ${minute}`,
			left
		}
	} satisfies Record<string, How>;
}
