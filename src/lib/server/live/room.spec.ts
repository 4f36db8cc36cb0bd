import { describe, expect, it } from 'vitest';
import { ALL, name, type Row } from '$lib/core/judgement';
import { Picture, type Frame, type Snapshot } from '$lib/core/picture';
import { Memory } from './memory';
import { Room } from './room';

const row = (cls: string, n: number): Row => ['now', 0, ALL, ALL, cls, n, 5, 5, 'judged'];
const SIGHT = { clearance: 'red', sectors: null, provinces: null } as const;

/** A room at a number of the log, whose memory holds a judgement. */
function open() {
	const memory = new Memory();
	memory.seq = 10;
	memory.at = 1000;
	memory.judgement = { at: 960, rows: new Map([[4, [row(ALL, 5), row('fraud', 2)]]]) };
	const room = new Room(SIGHT, memory, new Map());
	const picture = new Picture();
	picture.reset((JSON.parse(room.welcome().answer.json) as { snapshot: Snapshot }).snapshot);
	return { memory, room, picture };
}
/** A later judgement: one series says something else, one is gone. */
const later = (memory: Memory) => {
	memory.judgement = { at: 1020, rows: new Map([[4, [row(ALL, 30)]]]) };
};
const back = (room: Room, seq: number) => (JSON.parse(room.back(seq, []).json) as { frames: Frame[] }).frames;

describe('an audience hears of a judgement', () => {
	it('in its next frame, as what is new and what is taken back, once', () => {
		const { memory, room, picture } = open();
		expect(room.waits).toBe(false);
		later(memory);
		expect(room.waits).toBe(true);
		const frame = room.next([]);
		expect(frame.usual).toHaveLength(2);
		expect(picture.apply(frame)).toBe(true);
		expect([...picture.usual.values()].map((r) => [name(r), r[5]])).toEqual([['*|*|*|now', 30]]);
		expect(room.waits).toBe(false);
		expect(room.next([]).usual).toBeUndefined();
	});

	it('as a whole when it comes back and may have missed one', () => {
		const { memory, room, picture } = open();
		later(memory);
		room.next([]);
		for (const frame of back(room, 10)) expect(picture.apply(frame)).toBe(true);
		expect([...picture.usual.values()].map((r) => r[5])).toEqual([30]);
		expect(picture.judged).toBe(1020);
	});

	it('not again when it comes back and has seen more than that', () => {
		const { memory, room } = open();
		memory.seq = 12;
		expect(back(room, 11)).toMatchObject([{ from: 11, to: 12 }]);
		expect(back(room, 11)[0]).not.toHaveProperty('usual');
		expect(back(room, 12)).toEqual([]);
	});
});
