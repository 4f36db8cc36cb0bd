/** How the figures of the page are counted, in plain words. `when` and `at` are what it is compared with. */
export const told = (when: string, at: string) => ({
	changed: {
		what: 'Open cases, observations, the posture index of the sectors, closed cases and sources; each beside what it was.',
		sources: 'Cases of all teams and all sources, as far as your clearance and scope let you see them.',
		window: `Now, against ${when} (${at}). Observations: the last 60 minutes. Times to close: 30 days before each of the two.`,
		left: 'What is marked above your clearance. A silent source is one whose alarm was raised; late ones of an earlier time are not kept.'
	},
	index: {
		what: 'A sector begins at 100; open cases, overdue ones, what is above the usual, exposures and silence take points from it. Open a sector to read its reasons.',
		sources: 'Cases, judged counts and alarms, as far as your clearance lets you see them.',
		window: `Made once a minute from the last hour and from what is open now; the mark is the index of the hour of ${at}.`,
		left: 'Unknown sectors have no value: they are hatched. What is usual does not count where it is still learned. The formula is proposed; no official one exists.'
	},
	counted: {
		what: 'Observations by sector, and the open cases of each by severity.',
		sources: 'All sources, as far as your clearance and scope let you see them.',
		window: `The last 24 hours (whole hours and the present one), against the same hours ${when}.`,
		left: 'Sectors outside your scope. Observations say how much is seen, not how bad it is.'
	},
	doing: {
		what: 'Open cases of severity high and above, the gravest first, then the oldest, with the last note of the team.',
		sources: 'Cases of all teams that you may see.',
		window: 'What is open now; the time is since the case was opened.',
		left: 'Cases of medium severity and below, and closed ones.'
	},
	decide: {
		what: 'What waits for a person: a level whose time is over, grave cases without a team, cases past their target, silent sources.',
		sources: 'The declared level, cases and sources; nothing is entered by hand.',
		window: 'Now. The targets are proposed: emergency 4 h, severe 8 h, high 24 h, medium 72 h, low 7 d, baseline 14 d.',
		left: 'What nobody has written down in a case. No case stands twice.'
	}
});
