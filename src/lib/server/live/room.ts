import { name as series, same, type Judged } from '$lib/core/judgement';
import type { Frame, Snapshot } from '$lib/core/picture';
import type { Facet } from '../store/facet';
import { Framer, name, snapshot, type Sight } from './audience';
import { Ready } from './encoder';
import type { Applied, Memory } from './memory';
import { usual } from './usual';

/** How long a snapshot is handed out with the frames that came after it, before a new one is made: seconds. */
const FRESH = 5;

/** An audience at work: where its frames stand, and the snapshot that newcomers get. All its texts are made once. */
export class Room {
	readonly name: string;
	/** `to` of the last frame: what every member that keeps up has */
	sent: number;
	/** when the last frame went out, milliseconds since 1970 */
	sentAt = 0;
	members = 0;
	readonly #framer: Framer;
	#snapshot: { json: Ready; at: number; after: Ready[] } | undefined;
	/** what its members were told of the usual, and of which judgement */
	#usual = new Map<string, Judged>();
	#judged = 0;
	/** the number at which they were told of it, and all of it as one text */
	#told = 0;
	#whole: string | undefined;

	constructor(
		readonly sight: Sight,
		readonly memory: Memory,
		readonly facets: ReadonlyMap<number, Facet>
	) {
		this.name = name(sight);
		this.sent = memory.seq;
		this.#framer = new Framer(sight, facets, memory);
		this.#judge();
	}

	/** Whether there is a judgement that its members have not heard of. */
	get waits(): boolean {
		return this.#judged !== this.memory.judgement.at;
	}

	/** The frame from the last one to now, with what the entries changed, and what is judged anew. */
	next(entries: Applied[]): Frame {
		const frame = this.#framer.frame(this.sent, this.memory.seq, this.memory.at, entries);
		if (this.waits) {
			frame.judged = this.memory.judgement.at;
			const changed = this.#judge();
			if (changed.length) frame.usual = changed;
		}
		return frame;
	}

	/**
	 * The answer for a client that comes back: what changed since a number. What is usual is not of the log: who may have
	 * missed a judgement gets all of it, in a frame whose text is made once for all who come back together.
	 */
	back(seq: number, entries: Applied[]): Ready {
		const { memory } = this;
		const frames = seq < memory.seq ? [JSON.stringify(this.#framer.frame(seq, memory.seq, memory.at, entries))] : [];
		if (seq <= this.#told && this.#judged) {
			this.#whole ??= JSON.stringify([...this.#usual.values()]);
			frames.push(
				`{"from":${memory.seq},"to":${memory.seq},"at":${memory.at},"judged":${this.#judged},"whole":true,"usual":${this.#whole}}`
			);
		}
		return new Ready(`{"mode":"resume","frames":[${frames.join(',')}]}`);
	}

	/** Takes the latest judgement over; answers the rows that are new or say something else. */
	#judge(): Judged[] {
		const before = this.#usual;
		this.#usual = new Map(usual(this.memory.judgement, this.sight).map((row) => [series(row), row]));
		this.#judged = this.memory.judgement.at;
		this.#told = this.memory.seq;
		this.#whole = undefined;
		const changed: Judged[] = [];
		for (const [id, row] of this.#usual) {
			const old = before.get(id);
			if (!old || !same(old, row)) changed.push(row);
		}
		// A whole hour that has left the day is left out by whoever shows it.
		for (const [id, row] of before)
			if (!this.#usual.has(id) && row[0] !== 'hour')
				changed.push([row[0], row[1], row[2], row[3], row[4], 0, 0, 0, 0, null, 'none']);
		return changed;
	}

	/** Remembers that a frame went out to all members. */
	went(frame: Frame, json: Ready): void {
		this.sent = frame.to;
		this.sentAt = Date.now();
		this.#snapshot?.after.push(json);
	}

	/**
	 * The answer for a newcomer: a snapshot, and the frames after it. Making one costs as much as the window is large,
	 * so a thousand that come together share one.
	 */
	welcome(): { answer: Ready; after: Ready[] } {
		const now = Date.now() / 1000;
		if (!this.#snapshot || now - this.#snapshot.at > FRESH || this.#snapshot.after.length > 200) {
			const made: Snapshot = snapshot(this.memory, this.sight, this.facets);
			this.#snapshot = { json: new Ready(JSON.stringify({ mode: 'snapshot', snapshot: made })), at: now, after: [] };
		}
		return { answer: this.#snapshot.json, after: this.#snapshot.after };
	}
}
