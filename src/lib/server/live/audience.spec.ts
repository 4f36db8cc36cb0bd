import { expect, it } from 'vitest';
import type { Posture } from '$lib/core/posture';
import { rank, type Tlp } from '$lib/core/tlp';
import { Framer, says } from './audience';
import { Memory } from './memory';

const posture = (at: number): Posture => ({ version: 1, at, nation: null, sectors: [], withheld: null });

it('that the posture of another clearance has changed is no news, not even that it has', () => {
	const memory = new Memory();
	const made = memory.apply({
		seq: 1,
		at: 1000,
		kind: 'posture',
		payload: { postures: [{ clearance: rank('red'), posture: posture(1000) }] }
	});
	const frame = (clearance: Tlp) =>
		new Framer({ clearance, sectors: null, provinces: null }, new Map(), memory).frame(0, 1, 1000, [made]);
	expect(frame('red').posture).toEqual(posture(1000));
	expect(says(frame('amber'))).toBe(false);
});
