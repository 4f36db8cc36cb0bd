import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../ops/log';
import type { Client } from '../store/client';
import type { Grant } from './grant';
import * as roster from './roster';

/** Milliseconds between two looks of the poll, and the least between any two: strangers with made-up tokens cause looks. */
const POLL = 1000;
const APART = 50;

/** The live credentials, in memory. */
export type Following = {
	/** by hash of the token, by hash of the session's secret, by id of the credential */
	token(hash: string): Grant | null;
	session(hash: string): Grant | null;
	grant(id: string): Grant | null;
	/** Resolves when memory holds all that was committed before the call. */
	refresh(): Promise<void>;
	onChange(fn: () => void): () => void;
	close(): Promise<void>;
};

/**
 * Keeps the roster as the database has it. A trigger notifies at the commit of each change; the notification is also
 * lost with its connection, so each new subscription looks, and a poll looks each second. A look compares one word and
 * reads the roster only when it differs. It has a connection of its own: long reads of others never delay a revocation.
 */
export async function follow(client: Client, log: Log): Promise<Following> {
	const sql = client.open(1, 10);
	const listeners = new Set<() => void>();
	let now = roster.empty();
	let running: Promise<void> | null = null;
	let next: Promise<void> | null = null;
	let started = 0;
	let failed = false;
	let closed = false;

	const tell = () => listeners.forEach((fn) => fn());
	const look = async () => {
		await sleep(Math.max(0, started + APART - performance.now()));
		if (closed) return;
		started = performance.now();
		if ((await roster.version(sql)) === now.version) return;
		now = await roster.load(sql);
		tell();
	};
	const run = () => {
		next = null;
		return (running = look().finally(() => (running = null)));
	};
	/** A look that has begun may have missed the change: who asks now waits for the next one, together with all others. */
	const refresh = () => next ?? (running ? (next = running.then(run, run)) : run());

	const expire = () => {
		const before = now.grants.size;
		const at = Date.now();
		for (const map of [now.tokens, now.sessions, now.grants])
			for (const [key, entry] of map) if (entry.expires <= at) map.delete(key);
		if (now.grants.size !== before) tell();
	};
	const wake = () => {
		refresh().then(
			() => {
				if (failed) log.info('access follows the database again');
				failed = false;
			},
			(e: unknown) => {
				if (!failed && !closed)
					log.warn({ err: e }, 'access cannot see changes of rights now; it goes on with what it knew');
				failed = true;
			}
		);
	};

	try {
		await refresh();
		await sql.listen('watchfloor_access', wake, wake);
	} catch (e) {
		await sql.end({ timeout: 1 });
		throw e;
	}
	const timer = setInterval(() => {
		expire();
		if (!next) wake();
	}, POLL);
	timer.unref();

	const live = (entry: roster.Entry | undefined) => (entry && entry.expires > Date.now() ? entry.grant : null);
	return {
		token: (hash) => live(now.tokens.get(hash)),
		session: (hash) => live(now.sessions.get(hash)),
		grant: (id) => live(now.grants.get(id)),
		refresh,
		onChange(fn) {
			listeners.add(fn);
			return () => listeners.delete(fn);
		},
		async close() {
			closed = true;
			clearInterval(timer);
			await sql.end({ timeout: 1 });
		}
	};
}
