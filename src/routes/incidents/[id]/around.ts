import { DAY, HOUR } from '$lib/core/clock';
import type { Incident } from '$lib/core/incident';
import type { Slice } from '$lib/core/slice';

/** Seconds before a case was opened that may say why, and for how long after it at the most. */
const BEFORE = 6 * HOUR;
const MOST = 7 * DAY;

/** What was reported around a case, in its place: from six hours before it was opened until it was closed, or a week. `now` is epoch seconds. */
export const around = (i: Pick<Incident, 'opened' | 'closed' | 'sector' | 'province'>, now: number): Slice => ({
	from: Math.floor((i.opened - BEFORE) / HOUR) * HOUR,
	to: Math.ceil(Math.min(i.closed ?? now, i.opened + MOST, now) / HOUR) * HOUR,
	...(i.sector ? { sector: i.sector } : {}),
	...(i.province ? { province: i.province } : {})
});
