import { createServer, type Server as Http } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Cell, Frame, Snapshot } from '$lib/core/picture';
import type { Incident } from '$lib/core/incident';
import { Tally } from '$lib/core/tally';
import { NAMESPACE, type Answer, type ClientEvents, type ServerEvents, type Subscribe } from '$lib/wire/live';
import { Live, type View } from './live.svelte';

/** A server that speaks the contract over a log of its own: a list of frames. */
class Log {
	http: Http | undefined;
	io: Server<ClientEvents, ServerEvents> | undefined;
	frames: Frame[] = [];
	asked: Subscribe[] = [];
	/** frames before this number are gone from the log */
	from = 0;
	mute = false;
	refuse: { code: string; message: string } | undefined;
	/** why nobody is let in at all */
	shut: string | undefined;
	port = 0;

	get seq(): number {
		return this.frames.at(-1)?.to ?? 0;
	}

	async open(): Promise<string> {
		this.http = createServer();
		this.io = new Server(this.http);
		this.io.of(NAMESPACE).use((_, next) => next(this.shut ? new Error(this.shut) : undefined));
		this.io.of(NAMESPACE).on('connection', (socket) => {
			socket.on('subscribe', (what: Subscribe, ack: (answer: Answer) => void) => {
				this.asked.push(what);
				if (this.mute) return;
				if (this.refuse) return ack({ error: this.refuse });
				const { since } = what;
				if (since === undefined || since < this.from || since > this.seq)
					ack({ mode: 'snapshot', snapshot: this.snapshot() });
				else ack({ mode: 'resume', frames: this.frames.filter((f) => f.from >= since && f.to > since) });
			});
		});
		await new Promise<void>((done) => this.http?.listen(this.port, '127.0.0.1', done));
		this.port = (this.http.address() as AddressInfo).port;
		return `http://127.0.0.1:${this.port}`;
	}

	async close(): Promise<void> {
		await this.io?.close();
	}

	/** Appends a frame; `told` false: the clients never get it. */
	add(frame: Omit<Frame, 'from' | 'to' | 'at'>, told = true): void {
		const next = { from: this.seq, to: this.seq + 1, at: now(), ...frame };
		this.frames.push(next);
		if (told && !this.mute) this.io?.of(NAMESPACE).emit('frame', next);
	}

	beat(): void {
		if (!this.mute) this.io?.of(NAMESPACE).emit('frame', { from: this.seq, to: this.seq, at: now() });
	}

	snapshot(): Snapshot {
		const cells = this.frames.flatMap((f) => f.cells ?? []);
		const incidents = this.frames.flatMap((f) => f.incidents ?? []) as Incident[];
		return {
			seq: this.seq,
			at: now(),
			cells,
			hours: [],
			incidents,
			indicators: [],
			advisories: [],
			sources: [],
			level: null,
			posture: null,
			alarms: [],
			usual: [],
			judged: 0
		};
	}
}

const now = () => Date.now() / 1000;
const report = (n: number): Cell => [Math.floor(now() / 60) * 60, 'PK-PB', 'telecom', 'fraud', 'medium', 'inbound', n];
const empty = (): View => ({
	seq: 0,
	at: now(),
	tally: new Tally(now()).data,
	incidents: [],
	sources: [],
	level: null,
	posture: null,
	alarms: [],
	usual: [],
	judged: 0
});
const until = (what: () => boolean) => vi.waitFor(() => expect(what()).toBe(true), { timeout: 20_000, interval: 20 });

let log: Log;
let live: Live;
let end: () => void;

beforeEach(async () => {
	log = new Log();
	const origin = await log.open();
	live = new Live({ sectors: ['telecom'] }, empty());
	end = live.connect(origin);
});

afterEach(async () => {
	end();
	await log.close();
});

test('the first picture is the view that the server drew, before any frame', () => {
	const before = new Tally(now());
	before.add(now(), 'PK-PB', 'telecom', 'fraud', 'medium', 7);
	const one = new Live({}, { ...empty(), tally: before.data });
	expect(one.tally.all).toBe(7);
	expect(one.state).toBe('connecting');
});

test('a page asks for its scope from where its view ends, and follows the frames', async () => {
	await until(() => live.state === 'live');
	expect(log.asked).toEqual([{ sectors: ['telecom'], since: 0 }]);
	log.add({ cells: [report(3)] });
	log.add({ cells: [report(2)] });
	await until(() => live.seq === 2);
	expect(live.tally.all).toBe(5);
});

test('a gap is asked for again, and nothing is lost or counted twice', async () => {
	await until(() => live.state === 'live');
	log.add({ cells: [report(3)] }, false);
	log.add({ cells: [report(4)] });
	await until(() => live.tally.all === 7);
	expect(log.asked.at(-1)?.since).toBe(0);
	log.add({ cells: [report(1)] });
	await until(() => live.tally.all === 8);
});

test('a log that no longer holds what was missed answers with a snapshot, which replaces the picture', async () => {
	await until(() => live.state === 'live');
	log.add({ cells: [report(3)] });
	await until(() => live.tally.all === 3);
	log.add({ cells: [report(10)] }, false);
	log.from = 2;
	log.beat();
	await until(() => live.tally.all === 13);
});

test('silence is stale, with the picture kept, and the next frame is live again and says what was missed', async () => {
	await until(() => live.state === 'live');
	log.add({ cells: [report(3)] });
	await until(() => live.tally.all === 3);
	log.mute = true;
	await until(() => live.state === 'stale');
	expect(live.old).toBe(true);
	expect(live.tally.all).toBe(3);
	expect(live.age).toBeGreaterThanOrEqual(3);
	log.mute = false;
	log.add({ cells: [report(1)] });
	await until(() => live.state === 'live' && live.tally.all === 4);
	expect(live.caught).toBeGreaterThanOrEqual(3);
});

test('a server that is gone is broken at once, and its return is caught up without a new page', async () => {
	await until(() => live.state === 'live');
	log.add({ cells: [report(3)] });
	await until(() => live.tally.all === 3);
	await log.close();
	await until(() => live.state === 'broken');
	expect(live.tally.all).toBe(3);
	log.add({ cells: [report(5)] }, false);
	await log.open();
	await until(() => live.state === 'live' && live.tally.all === 8);
	expect(log.asked.at(-1)?.since).toBe(1);
	expect(live.missed).toBe(5);
});

test('a return that needs the whole picture anew does not say how many reports were missed', async () => {
	await until(() => live.state === 'live');
	expect(live.missed).toBeNull();
	await log.close();
	await until(() => live.state === 'broken');
	log.add({ cells: [report(5)] }, false);
	log.from = 1;
	await log.open();
	await until(() => live.state === 'live' && live.tally.all === 5);
	expect(live.caught).not.toBeNull();
	expect(live.missed).toBeNull();
});

test('a refusal is shown with its reason', async () => {
	await until(() => live.state === 'live');
	log.refuse = { code: 'unauthenticated', message: 'Signed out.' };
	log.add({ cells: [report(3)] }, false);
	log.beat();
	await until(() => live.state === 'refused');
	expect(live.refusal?.message).toBe('Signed out.');
});

test('incidents are kept most severe first and go when they are closed', async () => {
	await until(() => live.state === 'live');
	const one = (id: string, severity: Incident['severity'], status: Incident['status'] = 'new'): Incident => ({
		id,
		title: id,
		summary: '',
		type: 'phishing',
		severity,
		status,
		sector: 'telecom',
		province: null,
		team: null,
		tlp: 'amber',
		opened: 1,
		updated: 1,
		closed: null,
		version: 1
	});
	log.add({ incidents: [one('A', 'low'), one('B', 'severe')] });
	await until(() => live.incidents.length === 2);
	expect(live.incidents.map((i) => i.id)).toEqual(['B', 'A']);
	log.add({ incidents: [one('B', 'severe', 'closed')] });
	await until(() => live.incidents.length === 1);
});

test('whose access has ended is told so, at once and not as a broken line', async () => {
	await until(() => live.state === 'live');
	log.shut = 'unauthenticated';
	log.io?.of(NAMESPACE).disconnectSockets();
	await until(() => live.state === 'refused');
	expect(live.refusal?.code).toBe('unauthenticated');
});

test('a server that is too busy is tried again until it lets us in', async () => {
	await until(() => live.state === 'live');
	log.shut = 'too many clients; try again later';
	log.io?.of(NAMESPACE).disconnectSockets();
	await until(() => live.state === 'broken');
	log.add({ cells: [report(2)] });
	log.shut = undefined;
	await until(() => live.state === 'live' && live.tally.all === 2);
});
