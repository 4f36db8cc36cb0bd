import { quantile } from './figure';
import type { Stamp } from './poster';
import { clock } from './process';
import { Viewer } from './socket';
import { serve } from './worker';

/** How a crowd came in: how many are live (have a frame), after how many milliseconds. */
export type Arrival = { live: number; p50: number; p95: number; last: number; ended: Record<string, number> };
/** One frame as its first viewer had it, for a floor that sends the same bytes again. */
export type Recorded = { at: number; text: string };
export type Tally = { frames: number; bytes: number; first: Recorded[] };
/** Milliseconds over all reports and all viewers. */
export type Delay = { p50: number; p95: number; p99: number; most: number; missing: number };

let crowd: Viewer[] = [];
let tally: Tally = { frames: 0, bytes: 0, first: [] };
/** `to` and arrival of each frame, viewer by viewer; undefined: not kept */
let tracks: { to: number[]; at: number[] }[] | undefined;

const verbs = {
	/** Lets `clients` in over `within` milliseconds, and waits until each is live or `patience` milliseconds have passed. */
	come: async (
		port: number,
		tokens: string[],
		{ clients, within, patience }: { clients: number; within: number; patience: number }
	): Promise<Arrival> => {
		const begun = clock();
		const took: number[] = [];
		const ended: Record<string, number> = {};
		let all = (): void => {};
		const settled = new Promise<void>((done) => (all = done));
		const timer = setTimeout(all, within + patience);
		for (let i = 0; i < clients; i++) {
			const wait = begun + (i * within) / clients - clock();
			if (wait > 1) await new Promise((done) => setTimeout(done, wait));
			const place = crowd.length;
			let came = 0;
			const asked = clock();
			const live = (at: number) => {
				came = at;
				took.push(at - asked);
				if (took.length === clients) all();
			};
			const viewer = new Viewer(
				port,
				tokens[i % tokens.length],
				(to, at, bytes, text) => {
					if (!came) live(at);
					tally.frames++;
					tally.bytes += bytes;
					if (text !== undefined) tally.first.push({ at, text });
					const track = tracks?.[place];
					if (!track) return;
					track.to.push(to);
					track.at.push(at);
				},
				(why) => (ended[why] = (ended[why] ?? 0) + 1)
			);
			crowd.push(viewer);
			// A plain server says nothing by itself.
			if (!tokens.length) live(clock());
		}
		await settled;
		clearTimeout(timer);
		return { live: took.length, p50: quantile(took, 0.5), p95: quantile(took, 0.95), last: quantile(took, 1), ended };
	},

	/** Counts from now on; `text`: keeps what the first viewer gets; `track`: keeps when each frame came. */
	count: ({ text = false, track = false }: { text?: boolean; track?: boolean } = {}): void => {
		tally = { frames: 0, bytes: 0, first: [] };
		tracks = track ? crowd.map(() => ({ to: [], at: [] })) : undefined;
		if (crowd[0]) crowd[0].keep = text;
	},

	counted: (): Tally => {
		if (crowd[0]) crowd[0].keep = false;
		return tally;
	},

	/** How long each report took to each viewer since `from`: when it was sent, or when its answer came. */
	delay: (stamps: Stamp[], from: 'sent' | 'answered'): Delay => {
		const took: number[] = [];
		let missing = 0;
		const sorted = [...stamps].sort((a, b) => a.seq - b.seq);
		for (const { to, at } of tracks ?? []) {
			let i = 0;
			for (const stamp of sorted) {
				while (i < to.length && to[i]! < stamp.seq) i++;
				if (i < to.length) took.push(at[i]! - stamp[from]);
				else missing++;
			}
		}
		return {
			p50: quantile(took, 0.5),
			p95: quantile(took, 0.95),
			p99: quantile(took, 0.99),
			most: quantile(took, 1),
			missing
		};
	},

	/** All connections end at once, as when a network breaks. */
	leave: (): void => {
		for (const viewer of crowd) viewer.close();
		crowd = [];
		tracks = undefined;
	}
};

export type Viewers = typeof verbs;
export const run = (): void => serve(verbs);
