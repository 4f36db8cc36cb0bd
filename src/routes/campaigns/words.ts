import type { Campaign, Member, Shared, State } from '$lib/core/campaign';
import { BEHAVIOUR } from '$lib/core/campaign';
import { day, DAY, full, HOUR, pkt, span } from '$lib/core/clock';
import { plural } from '$lib/ui/base/number';
import { kind as word } from '../indicators/words';

/** Campaigns in words. They say what was seen where; never who is behind it. */

/** What a campaign stands as. */
export const STATE: Record<State, string> = {
	open: '● open',
	quiet: '○ quiet for a week',
	dismissed: '× dismissed',
	merged: 'part of another'
};

export const kind = (of: { kind: Shared; value: string }): string =>
	of.kind === BEHAVIOUR ? 'behaviour' : word({ kind: of.kind, value: of.value });

/** Why a value belongs here. */
export const WHY: Record<Member['why'], string> = {
	shared: 'reports share it',
	claimed: 'a source says to look for it',
	behaviour: 'the same family, in the same way'
};

/** How long ago something was, as exact as it is known: to the hour. */
export const ago = (at: number, now: number): string =>
	now - at < 2 * HOUR ? 'just now' : `${span(Math.floor((now - at) / HOUR) * HOUR)} ago`;

/** `Mon 23 Nov, 02:00`; with the year when it is long ago. */
export const when = (at: number, now: number): string => (now - at < 300 * DAY ? `${day(at)}, ${pkt(at)}` : full(at));

/** The one sentence: where it was seen, and how long ago. */
export function sentence(
	c: Pick<Campaign, 'sectors' | 'provinces' | 'constituents' | 'count' | 'first' | 'last'>,
	behaviour: boolean,
	now: number
): string {
	const at = [
		c.constituents ? `at ${plural(c.constituents, 'constituent')}` : '',
		c.sectors.length ? `in ${plural(c.sectors.length, 'sector')}` : '',
		c.provinces.length ? `of ${plural(c.provinces.length, 'province')}` : ''
	].filter(Boolean);
	const long = c.last - c.first;
	return `${behaviour ? 'The same behaviour' : 'Shared infrastructure'}, seen ${at.join(' ')} in ${plural(c.count, 'report')} over ${long < 3600 ? 'an hour' : span(long)}, last ${ago(c.last, now)}.`;
}

/** What happened to a campaign, in words; `detail` as the store wrote it. */
export function happened(action: string, detail: Record<string, unknown>): string {
	const of = (key: string) => (typeof detail[key] === 'number' ? `C-${detail[key]}` : 'another');
	if (action === 'found') return 'found by what it shares';
	if (action === 'name') return detail.name ? `named “${String(detail.name)}”` : 'name taken back';
	if (action === 'merge') return 'into' in detail ? `made part of ${of('into')}` : `took in ${of('from')}`;
	if (action === 'split')
		return 'into' in detail ? `split: ${of('into')} was made of a part` : `split off from ${of('from')}`;
	if (action === 'dismiss') return 'dismissed';
	if (action === 'dissolve') return 'gone: what it shared turned out to be common';
	const kinds = Array.isArray(detail.kinds) ? detail.kinds.map((k) => kind({ kind: k as Shared, value: '' })) : [];
	return kinds.length ? `back: a new kind of evidence, ${kinds.join(', ')}` : 'reopened';
}

/** Counts of the last days of a campaign, one a day, for a small line. */
export function line(days: [at: number, n: number][], most = 14): number[] {
	const last = days.at(-1)?.[0] ?? 0;
	const first = Math.max(days[0]?.[0] ?? 0, last - (most - 1) * DAY);
	const by = new Map(days);
	return Array.from({ length: (last - first) / DAY + 1 }, (_, i) => by.get(first + i * DAY) ?? 0);
}
