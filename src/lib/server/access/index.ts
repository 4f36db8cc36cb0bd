import type { IncomingHttpHeaders } from 'node:http';
import type { Viewer } from '$lib/core/viewer';
import type { Config } from '../ops/config';
import type { Log } from '../ops/log';
import type { Client } from '../store/client';
import * as cookie from './cookie';
import { same, type Grant } from './grant';
import { follow } from './follow';
import * as origin from './origin';
import * as people from './people';
import * as secret from './secret';
import * as setup from './setup';
import * as token from './token';

export type { Grant } from './grant';
export type { Cookie } from './people';

/** Who may come in, and as what. Answers from memory; the memory follows the database (see `follow`). */
export type Access = {
	/** The grant of a token, if it is live. */
	bearer(token: string): Grant | null;
	/** The grant of a request: its bearer token, and only that if there is one; else a wall's cookie; else a person's session. */
	request(headers: Headers): Promise<Grant | null>;
	/** The grant of a socket: `auth.token`, else as a request; cookies count from our own pages only. */
	handshake(handshake: { auth: unknown; headers: IncomingHttpHeaders }): Promise<Grant | null>;
	/** The grant as long as it still stands with exactly these rights; null when it ended or its rights changed: then its sockets end. */
	still(grant: Grant): Promise<Grant | null>;
	/** Calls back within a second after rights may have changed or ended. Gives the function that stops it. */
	onChange(fn: () => void): () => void;
	/** Reads what changed, now. */
	refresh(): Promise<void>;
	/** A one-time code while there is nobody: for a link `ORIGIN/setup#CODE`. Null when there is somebody. */
	setup(): Promise<string | null>;
	/** Whether the setup is still to be done. */
	vacant(): Promise<boolean>;
	/** Makes the administrator; see `setup.redeem`. */
	redeem(input: Parameters<typeof setup.redeem>[1]): Promise<{ email: string; password: string }>;
	/** Signs a person in; see `people.enter`. */
	enter: people.People['enter'];
	/** Ends the session of these cookies. */
	leave(headers: Headers): Promise<void>;
	/** Names of the cookies that authenticate, and whether they are for TLS only. */
	cookies: { token: string; session: string; secure: boolean };
	/** Whether a request that a cookie authenticates comes from our own pages. */
	own(headers: Headers): boolean;
	close(): Promise<void>;
};

/** Reads who may come in, and follows every change of it. */
export async function open({ client, config, log }: { client: Client; config: Config; log: Log }): Promise<Access> {
	const key = secret.load(config.WATCHFLOOR_DATA, config.WATCHFLOOR_SECRET);
	const door = await people.open(client, config, log, key);
	const live = await follow(client, log);

	const bearer = (text: string) => (token.looks(text) ? live.token(token.hash(text)) : null);
	/** Looks in memory, and once more after asking the database whether something is new. */
	const found = async (look: () => Grant | null): Promise<Grant | null> => {
		const grant = look();
		if (grant) return grant;
		await live.refresh().catch(() => {});
		return look();
	};
	const byToken = (text: string) => (token.looks(text) ? found(() => bearer(text)) : null);
	const byCookies = async (header: string | null | undefined): Promise<Grant | null> => {
		const wall = cookie.read(header, cookie.TOKEN);
		const grant = wall ? await byToken(wall) : null;
		if (grant) return grant;
		const signed = cookie.read(header, door.cookie);
		const session = signed && cookie.open(signed, key);
		return session ? found(() => live.session(token.hash(session))) : null;
	};
	/** undefined: it carries none */
	const inHeader = (header: string | null | undefined) =>
		header && /^bearer(\s|$)/i.test(header) ? header.slice(6).trim() : undefined;

	return {
		bearer,
		async request(headers) {
			const text = inHeader(headers.get('authorization'));
			return text === undefined ? byCookies(headers.get('cookie')) : byToken(text);
		},
		async handshake({ auth, headers }) {
			const given = typeof auth === 'object' && auth !== null && 'token' in auth ? auth.token : undefined;
			if (given !== undefined && given !== null) return typeof given === 'string' ? byToken(given) : null;
			const text = inHeader(headers.authorization);
			if (text !== undefined) return byToken(text);
			const get = (name: string) => [headers[name]].flat()[0];
			return origin.own(config, get) ? byCookies(headers.cookie) : null;
		},
		async still(grant) {
			const now = live.grant(grant.id);
			return now && same(now, grant) ? now : null;
		},
		onChange: live.onChange,
		refresh: live.refresh,
		setup: () => setup.begin(client),
		vacant: () => setup.open(client),
		redeem: (input) => setup.redeem(client, input),
		enter: door.enter,
		leave: door.leave,
		cookies: { token: cookie.TOKEN, session: door.cookie, secure: origin.secure(config) },
		own: (headers) => origin.own(config, (name) => headers.get(name)),
		close: live.close
	};
}

/** The viewer of a grant; null for strangers and for sources, which see nothing. */
export const viewer = (grant: Grant | null): Viewer | null => (grant?.kind === 'viewer' ? grant.viewer : null);
