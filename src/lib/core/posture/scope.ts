import type { Posture } from '../posture';
import type { Viewer } from '../viewer';

/**
 * What of a posture a scope may see, and why not the rest: its sectors and no nation for a viewer of some sectors;
 * nothing for a viewer of some provinces, because an index of a sector is made of all of them.
 */
export function within(posture: Posture, viewer: Pick<Viewer, 'sectors' | 'provinces'>): Posture {
	if (viewer.provinces)
		return {
			...posture,
			nation: null,
			sectors: [],
			withheld: 'An index is made of all provinces together, so there is none for some of them.'
		};
	if (!viewer.sectors) return posture;
	const mine = new Set(viewer.sectors);
	return {
		...posture,
		nation: null,
		sectors: posture.sectors.filter((s) => mine.has(s.sector)),
		withheld: 'The index of the nation is made of all sectors, so there is none for some of them.'
	};
}
