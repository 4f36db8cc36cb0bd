import { order as byUrgency, type Alarm } from '$lib/core/alarm';
import type { Spotted } from '$lib/core/indicator';
import type { Judged } from '$lib/core/judgement';
import type { Posture } from '$lib/core/posture';
import { createContext, untrack } from 'svelte';
import type { Socket } from 'socket.io-client';
import { order, type Incident } from '$lib/core/incident';
import type { Declared, Frame } from '$lib/core/picture';
import type { Told } from '$lib/core/screen';
import type { Source } from '$lib/core/source';
import { Tally } from '$lib/core/tally';
import { NAMESPACE, STALE } from '$lib/wire/pace';
import type { Answer, ClientEvents, ServerEvents } from '$lib/wire/live';
import { Pace } from './pace';
import { Screen, type View } from './screen';

export type { View };

/** What a page subscribes to; an absent list means all that the viewer's scope allows. */
export type Scope = { sectors?: string[]; provinces?: string[]; screen?: string };

/**
 * `connecting`: the first paint, the server's own numbers, no frame yet
 * `live`:       frames arrive
 * `stale`:      the socket stands, but has been silent for STALE seconds
 * `broken`:     the socket is gone, and is tried again with growing pauses
 * `refused`:    the server does not let us in (any more); tried again slowly
 *
 *   connecting → live ⇄ stale, live | stale → broken → live, any → refused → live
 *
 * In every state the last picture is kept, with its age.
 */
export type State = 'connecting' | 'live' | 'stale' | 'broken' | 'refused';

type Shown = {
	seq: number;
	at: number;
	tally: Tally;
	incidents: Incident[];
	indicators: Spotted[];
	sources: Source[];
	level: Declared | null;
	posture: Posture | null;
	alarms: Alarm[];
	usual: ReadonlyMap<string, Judged>;
	judged: number;
};

/** Milliseconds: how long an answer may take, how long "caught up" is said, the pauses after a refusal and when the server is busy. */
const ANSWER = 5000;
const SAID = 8000;
const REFUSED = 10_000;
const BUSY = 2000;
/** What the server says to whom it does not know (any more). */
const UNKNOWN = 'unauthenticated';

/**
 * The live picture of one page: a fold of the frames, redrawn a few times a second, and how fresh it is. Getters are
 * reactive. `tally` is a new object at each redraw, so that what is derived from it follows.
 */
export class Live {
	readonly scope: Scope;
	#picture = new Screen();
	#pace = new Pace(() => this.#draw());
	#socket: Socket<ServerEvents, ClientEvents> | undefined;
	#asking = false;
	#moved = true;
	/** `performance.now()` of the last frame */
	#heard = 0;
	/** seconds to add to this machine's clock to get the server's */
	#offset: number | undefined;
	#saidUntil = 0;

	#shown = $state.raw<Shown>() as Shown;
	#state = $state<State>('connecting');
	#age = $state(0);
	#now = $state(0);
	#caught = $state.raw<number | null>(null);
	#missed = $state.raw<number | null>(null);
	#told = $state.raw<Told | null>(null);
	#refusal = $state.raw<{ code: string; message: string } | null>(null);

	constructor(scope: Scope, view: View) {
		this.scope = scope;
		this.#picture.begin(view);
		this.#now = Math.floor(view.at);
		this.#draw();
	}

	get seq(): number {
		return this.#shown.seq;
	}
	/** Server time (epoch seconds) of the picture that is shown. */
	get at(): number {
		return this.#shown.at;
	}
	get tally(): Tally {
		return this.#shown.tally;
	}
	/** Open incidents, most severe first, then the oldest. */
	get incidents(): Incident[] {
		return this.#shown.incidents;
	}
	/** Indicators that were seen somewhere new lately. */
	get indicators(): Spotted[] {
		return this.#shown.indicators;
	}
	get sources(): Source[] {
		return this.#shown.sources;
	}
	get level(): Declared | null {
		return this.#shown.level;
	}
	/** The posture index; null: none yet, or none for this scope. */
	get posture(): Posture | null {
		return this.#shown.posture;
	}
	/** Alarms that are not cleared, the most urgent first. */
	get alarms(): Alarm[] {
		return this.#shown.alarms;
	}
	/** What is usual, by the name of series and window: `core/judgement`. A new map when it changed. */
	get usual(): ReadonlyMap<string, Judged> {
		return this.#shown.usual;
	}
	/** When that was judged (epoch seconds); 0: not yet. */
	get judged(): number {
		return this.#shown.judged;
	}
	get state(): State {
		return this.#state;
	}
	/** Whether the numbers may no longer be true. */
	get old(): boolean {
		return this.#state === 'stale' || this.#state === 'broken' || this.#state === 'refused';
	}
	/** Seconds since the last frame (since the page was made, before the first one). */
	get age(): number {
		return this.#age;
	}
	/** The server's time in whole epoch seconds: a clock. */
	get now(): number {
		return this.#now;
	}
	/** For some seconds after a return: how many seconds had been missed, and are not any more. */
	get caught(): number | null {
		return this.#caught;
	}
	/** Beside `caught`: how many reports came in with it; null: the whole picture came anew, and does not say. */
	get missed(): number | null {
		return this.#caught === null ? null : this.#missed;
	}
	/** How this screen is set, since the server said so (only with a `screen` in the scope). */
	get told(): Told | null {
		return this.#told;
	}
	/** Why the server does not let us in, when `state` is `refused`. */
	get refusal(): { code: string; message: string } | null {
		return this.#refusal;
	}

	/** Connects (in the browser only) and keeps connected; answers the function that ends it. */
	connect(origin = ''): () => void {
		let over = false;
		let retry: ReturnType<typeof setTimeout> | undefined;
		this.#heard = performance.now();
		const open = () =>
			import('socket.io-client').then(
				({ io }) => {
					if (!over) this.#open(io(origin + NAMESPACE, OPTIONS), () => over);
				},
				() => {
					this.#state = 'broken';
					retry = setTimeout(open, ANSWER);
				}
			);
		void open();
		let pulse: ReturnType<typeof setTimeout>;
		const beat = () => {
			this.#pulse();
			// Wake just after each quarter of a second of the server's clock, so that its seconds turn evenly.
			pulse = setTimeout(beat, 252 - ((this.#clock() * 1000) % 250));
		};
		beat();
		return () => {
			over = true;
			clearTimeout(retry);
			clearTimeout(pulse);
			this.#pace.stop();
			this.#socket?.disconnect();
			this.#socket = undefined;
		};
	}

	#open(socket: Socket<ServerEvents, ClientEvents>, over: () => boolean): void {
		this.#socket = socket;
		const again = (wait: number) => setTimeout(() => !over() && !socket.connected && socket.connect(), wait);
		socket.on('connect', () => {
			this.#asking = false;
			this.#subscribe();
		});
		socket.on('frame', (frame) => this.#take(frame));
		socket.on('screen', (told) => (this.#told = told));
		socket.on('disconnect', (reason) => {
			this.#asking = false;
			if (over()) return;
			this.#lost();
			// Ended by the server, as when access is revoked: Socket.IO does not try again by itself.
			if (reason === 'io server disconnect') again(500);
		});
		socket.on('connect_error', (error) => {
			if (socket.active) return this.#lost();
			// Turned away by the server itself. Socket.IO leaves it at that; we do not.
			if (error.message === UNKNOWN) {
				this.#refuse({ code: UNKNOWN, message: 'the session or token has ended.' });
				again(REFUSED);
			} else {
				this.#lost();
				again(BUSY * (0.5 + Math.random()));
			}
		});
	}

	#subscribe(fresh = false): void {
		const socket = this.#socket;
		if (!socket?.connected || this.#asking) return;
		this.#asking = true;
		const since = !fresh && this.#picture.seq >= 0 ? this.#picture.seq : undefined;
		socket.timeout(ANSWER).emit('subscribe', { ...this.scope, since }, (error: Error | null, answer?: Answer) => {
			this.#asking = false;
			// No answer: close the transport, and let the manager come back with its growing pauses.
			if (error || !answer) return void socket.io.engine?.close();
			if ('error' in answer) return this.#refuse(answer.error);
			if (answer.mode === 'snapshot') this.#picture.reset(answer.snapshot);
			else if (!answer.frames.every((frame) => this.#picture.apply(frame))) return this.#subscribe(true);
			this.#moved = true;
			if (answer.mode === 'snapshot') this.#hear(answer.snapshot.at, null);
			else this.#hear(undefined, reports(answer.frames));
			this.#pace.ask();
		});
	}

	#take(frame: Frame): void {
		if (!this.#picture.apply(frame)) return this.#subscribe();
		if (frame.incidents?.length) this.#moved = true;
		this.#hear(frame.at, reports([frame]));
		this.#pace.ask();
	}

	/** Something came: we are live, and if it says the time, we know the server's clock a little better. */
	#hear(at: number | undefined, missed: number | null): void {
		if (at !== undefined) {
			const sample = at - Date.now() / 1000;
			// The sample with the least delay is the largest; a step of either clock shows as a jump.
			if (this.#offset === undefined || Math.abs(sample - this.#offset) > 2) this.#offset = sample;
			else this.#offset = Math.max(this.#offset, sample);
		}
		const heard = performance.now();
		if (this.old) {
			this.#caught = Math.round((heard - this.#heard) / 1000);
			this.#missed = missed;
			this.#saidUntil = heard + SAID;
		}
		this.#heard = heard;
		this.#refusal = null;
		this.#state = 'live';
	}

	#lost(): void {
		if (this.#state === 'refused') return;
		this.#state = 'broken';
		this.#caught = null;
		this.#age = (performance.now() - this.#heard) / 1000;
	}

	#refuse(refusal: { code: string; message: string }): void {
		this.#lost();
		this.#refusal = refusal;
		this.#state = 'refused';
	}

	#clock = (): number => Date.now() / 1000 + (this.#offset ?? 0);

	#pulse(): void {
		const silent = (performance.now() - this.#heard) / 1000;
		if ((this.#state === 'live' || this.#state === 'connecting') && silent >= STALE) {
			this.#state = 'stale';
			this.#caught = null;
			this.#age = silent;
			this.#subscribe();
		}
		if (this.#caught !== null && performance.now() > this.#saidUntil) this.#caught = null;
		const now = Math.floor(this.#clock());
		if (now === this.#now) return;
		this.#now = now;
		this.#age = silent;
	}

	#draw(): void {
		const p = this.#picture;
		const incidents = this.#moved ? [...p.incidents.values()].sort(order) : this.#shown.incidents;
		this.#moved = false;
		const tally: Tally = Object.assign(Object.create(Tally.prototype) as Tally, p.tally);
		this.#shown = {
			seq: p.seq,
			at: p.at,
			tally,
			incidents,
			indicators: [...p.indicators.values()],
			sources: [...p.sources.values()],
			level: p.level,
			posture: p.posture,
			alarms: [...p.alarms.values()].sort(byUrgency),
			usual:
				p.judged === this.#shown?.judged && p.usual.size === this.#shown.usual.size
					? this.#shown.usual
					: new Map(p.usual),
			judged: p.judged
		};
	}
}

/** How many reports the frames bring. */
const reports = (frames: readonly Frame[]): number =>
	frames.reduce((sum, { cells }) => sum + (cells ?? []).reduce((n, cell) => n + cell[6], 0), 0);

const OPTIONS = {
	transports: ['websocket', 'polling'],
	tryAllTransports: true,
	reconnectionDelay: 500,
	reconnectionDelayMax: 5000,
	randomizationFactor: 0.5,
	timeout: 5000,
	forceNew: true
};

/** The page's live picture, for the components below it. */
export const [get, set] = createContext<Live>();

/**
 * Makes the live picture of a page, while its component is being made: begins with the server's view, so that the
 * first paint is what the server drew, gives it to the components below, and connects in the browser. A page whose
 * scope can change (`/sectors/[sector]`) puts this below a `{#key}`.
 */
export function start(scope: Scope, view: View): Live {
	const live = set(new Live(scope, view));
	// Untracked: connecting reads the state that it then changes, and must not begin again for that.
	$effect(() => untrack(() => live.connect()));
	return live;
}
