import { RIGHTS, type Right, type Role } from '$lib/core/viewer';

/** A screen: where it is, what it is called, who may open it, and by which other words it is looked for. */
export type Place = { href: string; name: string; right: Right; also: string; first?: true; hidden?: true };

/** All screens in the order of the way between them; `first` stand in the line, `hidden` only the palette finds. */
export const SCREENS: readonly Place[] = [
	{ href: '/wall', name: 'Wall', right: 'picture.read', also: 'nation now operations centre', first: true },
	{ href: '/posture', name: 'Posture', right: 'picture.read', also: 'level index brief today', first: true },
	{ href: '/alarms', name: 'Alarms', right: 'alarm.read', also: 'rings acknowledge', first: true },
	{ href: '/sectors', name: 'Sectors', right: 'picture.read', also: 'who', first: true },
	{ href: '/provinces', name: 'Provinces', right: 'picture.read', also: 'where map', first: true },
	{ href: '/incidents', name: 'Incidents', right: 'incident.read', also: 'cases open', first: true },
	{
		href: '/observations',
		name: 'Observations',
		right: 'observation.read',
		also: 'reports events search export',
		first: true
	},
	{
		href: '/indicators',
		name: 'Indicators',
		right: 'indicator.read',
		also: 'ioc address domain hash look up',
		first: true
	},
	{ href: '/campaigns', name: 'Campaigns', right: 'campaign.read', also: 'waves clusters', first: true },
	{ href: '/constituents', name: 'Constituents', right: 'constituent.read', also: 'organisations networks contacts' },
	{ href: '/outbound', name: 'Outbound', right: 'outbound.read', also: 'attacks from here abuse notices cleanup' },
	{ href: '/levels', name: 'Levels', right: 'picture.read', also: 'declare national threat level' },
	{ href: '/sources', name: 'Sources', right: 'source.read', also: 'feeds health tokens deliveries' },
	{ href: '/calendar', name: 'Calendar', right: 'observation.read', also: 'holidays ramadan eid' },
	{ href: '/quarantine', name: 'Quarantine', right: 'quarantine.read', also: 'unreadable refused reports' },
	{ href: '/rules', name: 'Rules', right: 'alarm.read', also: 'alarm thresholds' },
	{ href: '/screens', name: 'Screens', right: 'screen.read', also: 'walls panels remote control scenes' },
	{ href: '/design', name: 'Design', right: 'picture.read', also: 'colours controls marks type', hidden: true }
];

/** Who has a right. */
export const roles = (right: Right): readonly Role[] => RIGHTS[right];

/** The screens that a role may open. */
export const open = (role: Role): Place[] => SCREENS.filter((s) => roles(s.right).includes(role));

/** The screen that an address belongs to. */
export const of = (path: string): Place | undefined =>
	SCREENS.find((s) => path === s.href || path.startsWith(`${s.href}/`));
