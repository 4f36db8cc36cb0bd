import type { Frame, Snapshot } from '$lib/core/picture';
import type { Facet } from '../store/facet';
import { Framer, name, snapshot, type Sight } from './audience';
import { Ready } from './encoder';
import type { Applied, Memory } from './memory';

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

	constructor(
		readonly sight: Sight,
		readonly memory: Memory,
		readonly facets: ReadonlyMap<number, Facet>
	) {
		this.name = name(sight);
		this.sent = memory.seq;
		this.#framer = new Framer(sight, facets);
	}

	/** The frame from the last one to now, with what the entries changed. */
	next(entries: Applied[]): Frame {
		return this.#framer.frame(this.sent, this.memory.seq, this.memory.at, entries);
	}

	/** What changed since a number, for a client that comes back. */
	since(seq: number, entries: Applied[]): Frame {
		return this.#framer.frame(seq, this.memory.seq, this.memory.at, entries);
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
