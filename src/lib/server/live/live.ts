import type { Server as HttpServer } from 'node:http';
import { Server, type Namespace, type Socket } from 'socket.io';
import type { Alarm } from '$lib/core/alarm';
import type { Incident } from '$lib/core/incident';
import { ALL, type Judged } from '$lib/core/judgement';
import type { Posture } from '$lib/core/posture';
import type { Declared } from '$lib/core/picture';
import { UNLOCATED } from '$lib/core/province';
import { UNATTRIBUTED } from '$lib/core/sector';
import type { Told } from '$lib/core/screen';
import type { Source } from '$lib/core/source';
import type { TallyData } from '$lib/core/tally';
import { may, sees, type Viewer } from '$lib/core/viewer';
import { BEAT, NAMESPACE, STALE, Subscribe, type Answer, type ClientEvents } from '$lib/wire/live';
import type { Access, Grant } from '../access';
import type { Config } from '../ops/config';
import type { Log } from '../ops/log';
import type { Metrics } from '../ops/metrics';
import type { Sql } from '../store/client';
import type { Facets } from '../store/facet';
import type { Follow } from '../store/follow';
import { head, type Entry } from '../store/log';
import type { Reference } from '../store/reference';
import { alarms, knows, name, narrow, posture, says, tally } from './audience';
import { parser, Ready, share } from './encoder';
import { Memory } from './memory';
import { waiting } from './pressure';
import { recall } from './recall';
import { Replay } from './replay';
import { Room } from './room';
import { Screens } from './screens';
import { Tail } from './tail';
import { usual } from './usual';
import { verdicts } from './verdicts';

type Data = { grant: Grant; viewer: Viewer; room?: string; screen?: string; skipped?: boolean; asked: number[] };
type Out = { frame: (frame: Ready) => void; screen: (told: Told) => void };
type Client = Socket<ClientEvents, Out, Record<string, never>, Data>;
export type View = {
	seq: number;
	at: number;
	tally: TallyData;
	incidents: Incident[];
	sources: Source[];
	level: Declared | null;
	posture: Posture | null;
	alarms: Alarm[];
	usual: Judged[];
	judged: number;
};

/** Milliseconds between frames at the least: twenty a second at the most. */
const PACE = 50;
/** Milliseconds between looks whether the indicators on the screens are still claimed, and how they are marked. */
const RECHECK = 60_000;
/** Subscriptions that one client may ask for in ten seconds. */
const ASKS = 20;
/** Credentials whose rights are remembered. */
const REMEMBERED = 10_000;

/**
 * Live screens: tail → memory → one frame per audience → Socket.IO.
 *
 *   the tail reads entries ──► `incoming` ──(at most every 50 ms)──► flush: memory moves to their last number, every
 *   audience that they concern gets one frame; an audience that had none for a second gets an empty one (the beat).
 *
 * The memory moves only in a flush, so whoever subscribes between two of them gets a state whose number is where the
 * next frame begins.
 */
export class Live {
	readonly memory = new Memory();
	readonly #rooms = new Map<string, Room>();
	#incoming: Entry[] = [];
	/** subscriptions that wait for those */
	#pending: (() => void)[] = [];
	#replay: Replay;
	#tail: Tail | undefined;
	#timer: NodeJS.Timeout | undefined;
	#recheck: NodeJS.Timeout | undefined;
	#beat: NodeJS.Timeout | undefined;
	#flushed = 0;
	#io: Server | undefined;
	#nsp: Namespace<ClientEvents, Out, Record<string, never>, Data> | undefined;
	#forget: (() => void) | undefined;
	readonly #rights = new Map<string, { rights: string; seq: number }>();
	readonly #views = new Map<string, { seq: number; at: number; tally: TallyData; usual: Judged[]; judged: number }>();
	readonly #verdicts: Follow;
	readonly #screens: Screens;

	constructor(
		readonly sql: Sql,
		readonly facets: Facets,
		readonly access: Access,
		readonly reference: Reference,
		readonly config: Config,
		readonly log: Log,
		readonly metrics: Metrics
	) {
		this.#replay = new Replay(config.WATCHFLOOR_REPLAY, 0);
		this.#screens = new Screens(sql, (name, told) => this.#tell(name, told), log);
		this.#verdicts = verdicts(sql, (judgement) => (this.memory.judgement = judgement), log);
	}

	/** Loads the picture and begins to follow the log. */
	async start(): Promise<void> {
		await this.facets.refresh();
		await this.memory.load(this.sql);
		await this.facets.need(
			[...this.memory.window.minutes.values(), ...this.memory.window.hours.values()].flatMap((cells) => [
				...cells.keys()
			])
		);
		this.#replay = await recall(this.sql, this.facets, this.memory, this.config.WATCHFLOOR_REPLAY);
		await this.#verdicts.ready();
		await this.#screens.ready();
		this.#tail = new Tail(this.sql, this.facets, this.memory.seq, (entries) => this.#take(entries), this.log);
		await this.#tail.start();
		this.#flush();
		this.#beat = setInterval(() => this.#flush(), (BEAT * 1000) / 10);
		this.#recheck = setInterval(
			() =>
				void this.memory
					.recheck(this.sql)
					.catch((e: unknown) => this.log.warn({ err: e }, 'the claims of indicators could not be read again')),
			RECHECK
		);
		this.#forget = this.access.onChange(() => void this.#check());
	}

	/** Serves the socket namespace on a server. */
	attach(server: HttpServer): void {
		this.#io = new Server(server, {
			parser,
			serveClient: false,
			transports: ['websocket', 'polling'],
			maxHttpBufferSize: 65_536,
			pingInterval: 20_000,
			pingTimeout: 20_000,
			connectTimeout: 10_000,
			perMessageDeflate: false,
			httpCompression: false
		});
		const nsp: Namespace<ClientEvents, Out, Record<string, never>, Data> = this.#io.of(NAMESPACE);
		this.#nsp = nsp;
		nsp.use((socket, next) => {
			if (nsp.sockets.size >= this.config.WATCHFLOOR_MAX_CLIENTS)
				return next(new Error('too many clients; try again later'));
			this.access.handshake({ auth: socket.handshake.auth, headers: socket.handshake.headers }).then(
				(grant) => {
					if (grant?.kind !== 'viewer' || !may(grant.viewer, 'picture.read')) return next(new Error('unauthenticated'));
					socket.data = { grant, viewer: grant.viewer, asked: [] };
					next();
				},
				(e: unknown) => {
					this.log.error({ err: e }, 'a socket could not be authenticated');
					next(new Error('unavailable; try again'));
				}
			);
		});
		// Nobody has business on the default namespace.
		this.#io.use((_, next) => next(new Error('unauthenticated')));
		nsp.on('connection', (socket) => {
			// Rights may have ended between the handshake and here, where nobody looked yet.
			void this.access.still(socket.data.grant).then((grant) => grant ?? socket.disconnect(true));
			this.metrics.sockets.set(nsp.sockets.size);
			socket.on('subscribe', (what, ack) => {
				if (typeof ack === 'function') this.#settled(() => this.#subscribe(socket, what, ack));
			});
			socket.on('disconnect', () => {
				this.#leave(socket);
				this.metrics.sockets.set(nsp.sockets.size);
			});
		});
	}

	/** What a screen shows when it is first served, from memory. */
	view(viewer: Viewer, asked: { sectors?: string[]; provinces?: string[] } = {}): View {
		const sight = narrow(viewer, asked);
		const key = name(sight);
		const { seq, at } = this.memory;
		let made = this.#views.get(key);
		if (!made || made.seq !== seq || made.at < at - 1 || made.judged !== this.memory.judgement.at) {
			made = {
				seq,
				at,
				tally: tally(this.memory, sight, this.facets.byId).data,
				// Single cells by class come with the snapshot: no page is drawn from them, and they are most of it.
				usual: usual(this.memory.judgement, sight).filter((r) => r[4] === ALL || r[2] === ALL || r[3] === ALL),
				judged: this.memory.judgement.at
			};
			if (this.#views.size >= 64) this.#views.clear();
			this.#views.set(key, made);
		}
		return {
			...made,
			incidents: [...this.memory.incidents.values()].filter((i) => sees(sight, i)),
			sources: [...this.memory.sources.values()].filter((s) => knows(sight, s)),
			level: this.memory.level,
			posture: posture(this.memory, sight),
			alarms: alarms(this.memory, sight)
		};
	}

	/** How a wall screen is set; undefined: nobody has set it. */
	screen(name: string): Told | undefined {
		return this.#screens.get(name);
	}

	/** Resolves when the picture holds all that was committed before the call, or after a second: whoever wrote, sees it. */
	async caughtUp(): Promise<void> {
		const seq = await head(this.sql).catch(() => 0); // what was written stands, whether it can be seen at once or not
		for (const until = Date.now() + 1000; this.memory.seq < seq && Date.now() < until;) {
			await this.#tail?.wake();
			await new Promise((soon) => setTimeout(soon, 5));
		}
	}

	/** Seconds since the log was last read: how old the picture of this process is. */
	get age(): number {
		return (Date.now() - (this.#tail?.readAt ?? 0)) / 1000;
	}

	async close(): Promise<void> {
		this.#forget?.();
		clearTimeout(this.#timer);
		clearInterval(this.#recheck);
		clearInterval(this.#beat);
		await this.#tail?.stop();
		await this.#verdicts.close();
		await this.#screens.close();
		await new Promise<void>((done) => (this.#io ? void this.#io.close(() => done()) : done()));
	}

	#take(entries: Entry[]): void {
		this.#incoming.push(...entries);
		if (this.#timer) return;
		const wait = Math.max(0, PACE - (Date.now() - this.#flushed));
		this.#timer = setTimeout(() => this.#flush(), wait);
	}

	/** Does something now, or as soon as what has come from the log is in the picture: within `PACE`. */
	#settled(work: () => void): void {
		if (this.#timer) this.#pending.push(work);
		else work();
	}

	#flush(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		const now = Date.now();
		const entries = this.#incoming.map((e) => this.memory.apply(e));
		this.#incoming = [];
		this.memory.advance(now / 1000);
		this.#flushed = now;
		for (const e of entries) {
			this.#replay.push(e);
			this.metrics.logLag.observe(Math.max(0, now / 1000 - e.at));
		}
		this.metrics.logSeq.set(this.memory.seq);
		// A picture that is cut off from its log must not look alive: then nobody gets a beat, and every screen says so.
		const alive = this.age < STALE;
		for (const room of this.#rooms.values()) {
			// Entries before these that a room was not sent said nothing to it.
			const frame = entries.length || room.waits ? room.next(entries) : undefined;
			if ((frame && says(frame)) || (alive && now - room.sentAt >= BEAT * 850)) this.#send(room, frame);
		}
		const pending = this.#pending;
		this.#pending = [];
		for (const work of pending) work();
	}

	/** Sends a frame to all members that keep up. One that does not is left out: it will see the gap, and ask again. */
	#send(room: Room, frame = room.next([])): void {
		const json = new Ready(JSON.stringify(frame));
		room.went(frame, json);
		this.metrics.frames.inc();
		const members = this.#nsp?.adapter.rooms.get(room.name);
		if (!this.#nsp || !members) return;
		const packet = share(NAMESPACE, 'frame', json);
		let late = 0;
		for (const id of members) {
			const socket = this.#nsp.sockets.get(id);
			if (!socket) continue;
			if (waiting(socket) > this.config.WATCHFLOOR_MAX_LAG) {
				socket.data.skipped = true;
				late++;
			} else socket.conn.write(packet.text, packet.options);
		}
		this.metrics.skipped.inc(late);
		this.metrics.delivered.inc(members.size - late);
	}

	#subscribe(socket: Client, what: unknown, ack: (answer: Answer) => void): void {
		if (!socket.connected) return;
		const say = ack as unknown as (answer: Ready | Answer) => void;
		const now = Date.now();
		socket.data.asked = socket.data.asked.filter((t) => now - t < 10_000);
		if (socket.data.asked.length >= ASKS)
			return say({ error: { code: 'busy', message: 'Too many subscriptions; wait ten seconds.' } });
		socket.data.asked.push(now);
		// Snapshots must not pile up for a client that does not read them.
		if (waiting(socket) > this.config.WATCHFLOOR_MAX_LAG)
			return say({ error: { code: 'busy', message: 'Too much waits for you already; read it, then ask again.' } });
		const parsed = Subscribe.safeParse(what ?? {});
		if (!parsed.success)
			return say({
				error: {
					code: 'invalid',
					message: `${parsed.error.issues[0]?.path.join('.') || 'the subscription'}: ${parsed.error.issues[0]?.message}`
				}
			});
		const unknown = this.#unknown(parsed.data);
		if (unknown) return say({ error: { code: 'invalid', message: unknown } });

		const room = this.#join(socket, parsed.data);
		if (!room)
			return say({ error: { code: 'busy', message: 'Too many different subscriptions are open; try again later.' } });
		// From here on everything is of one moment: members and newcomer stand at the number of the memory.
		if (room.sent !== this.memory.seq) this.#send(room);
		const { since } = parsed.data;
		const changed = this.#changed(socket.data.grant.id, socket.data.viewer);
		const old = since === undefined || since > this.memory.seq || since < changed;
		const missed = old || socket.data.skipped ? undefined : this.#replay.since(since);
		socket.data.skipped = false;
		this.metrics.snapshots.inc({ mode: missed ? 'resume' : 'snapshot' });
		if (missed) say(room.back(since!, missed));
		else {
			const { answer, after } = room.welcome();
			say(answer);
			for (const frame of after) socket.emit('frame', frame);
		}
		void socket.join(room.name);
		socket.data.screen = parsed.data.screen;
		const told = socket.data.screen === undefined ? undefined : this.#screens.get(socket.data.screen);
		if (told) socket.emit('screen', told);
	}

	/** Tells the screens of a name how they are set now. */
	#tell(name: string, told: Told): void {
		for (const socket of this.#nsp?.sockets.values() ?? [])
			if (socket.data.screen === name) socket.emit('screen', told);
	}

	/**
	 * The number of the log at which the rights of a credential were last seen to change: what was shown before was
	 * shown under other rights, so it is not resumed but replaced.
	 */
	#changed(grant: string, viewer: Viewer): number {
		const rights = name(viewer);
		const known = this.#rights.get(grant);
		if (known?.rights === rights) return known.seq;
		if (this.#rights.size >= REMEMBERED) this.#rights.clear();
		const seq = known ? this.memory.seq + 1 : 0;
		this.#rights.set(grant, { rights, seq });
		return seq;
	}

	#unknown({ sectors = [], provinces = [] }: Subscribe): string | undefined {
		const sector = sectors.find((s) => s !== UNATTRIBUTED && !this.reference.sectors.some((r) => r.slug === s));
		if (sector !== undefined) return `sectors: "${sector}" is not known here.`;
		const province = provinces.find((p) => p !== UNLOCATED && !this.reference.provinces.some((r) => r.code === p));
		return province === undefined ? undefined : `provinces: "${province}" is not known here.`;
	}

	#join(socket: Client, asked: Subscribe): Room | undefined {
		this.#leave(socket);
		const sight = narrow(socket.data.viewer, asked);
		let room = this.#rooms.get(name(sight));
		if (!room) {
			if (this.#rooms.size >= this.config.WATCHFLOOR_MAX_AUDIENCES) return undefined;
			room = new Room(sight, this.memory, this.facets.byId);
			this.#rooms.set(room.name, room);
		}
		room.members++;
		socket.data.room = room.name;
		this.metrics.audiences.set(this.#rooms.size);
		return room;
	}

	#leave(socket: Client): void {
		const room = socket.data.room === undefined ? undefined : this.#rooms.get(socket.data.room);
		socket.data.room = undefined;
		if (!room) return;
		void socket.leave(room.name);
		if (--room.members > 0) return;
		this.#rooms.delete(room.name);
		this.metrics.audiences.set(this.#rooms.size);
	}

	/** Ends the sockets whose rights have ended or changed; whoever still has some comes back with those. */
	async #check(): Promise<void> {
		for (const socket of this.#nsp?.sockets.values() ?? [])
			if (!(await this.access.still(socket.data.grant))) socket.disconnect(true);
	}
}
