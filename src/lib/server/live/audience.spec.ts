import { expect, it } from 'vitest';
import type { Raised } from '$lib/core/alarm';
import type { Posture } from '$lib/core/posture';
import { rank, type Tlp } from '$lib/core/tlp';
import { Framer, says } from './audience';
import { Memory } from './memory';

it('an alarm that fewer may see than before is gone for the others, also for who comes back after a restart', () => {
	const alarm: Raised = {
		...{ id: 7, rule: 'incident-severe', kind: 'incident', priority: 'high', standing: 'acknowledged', response: '' },
		...{ sector: 'telecom', province: null, source: null, tlp: 'red', href: '/', raised: 900, updated: 1000 },
		...{ returned: null, acknowledged: null, shelved: null, version: 3 },
		said: [{ rank: rank('red'), priority: 'high', title: 'A', why: 'B', facts: {} }]
	};
	const tell = (was?: Pick<Raised, 'tlp' | 'sector' | 'province'>) => {
		const memory = new Memory();
		const made = memory.apply({
			seq: 1,
			at: 1000,
			kind: 'alarm',
			payload: { alarms: [{ ...alarm, ...(was && { was }) }] }
		});
		const frame = (clearance: Tlp, sectors: string[] | null = null) =>
			new Framer({ clearance, sectors, provinces: null }, new Map(), memory).frame(0, 1, 1000, [made]).alarms;
		return { frame, held: memory.alarms.get(7) };
	};
	const { frame, held } = tell({ tlp: 'amber', sector: 'telecom', province: null });
	expect(frame('amber')).toEqual([{ id: 7, gone: true }]);
	expect(frame('green')).toBeUndefined();
	expect(frame('amber', ['banking'])).toBeUndefined();
	expect(frame('red')).toMatchObject([{ id: 7, title: 'A' }]);
	expect(JSON.stringify([frame('red'), held])).not.toContain('"was"');
	expect(tell().frame('amber')).toBeUndefined();
});

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
