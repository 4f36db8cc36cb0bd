import { betterAuth } from 'better-auth/minimal';
import { drizzleAdapter } from 'better-auth/adapters/drizzle';
import { parseSetCookieHeader } from 'better-auth/cookies';
import { busy, Problem } from '$lib/core/error';
import type { Config } from '../ops/config';
import type { Log } from '../ops/log';
import type { Client } from '../store/client';
import { accounts, sessions, users, verifications } from '../store/schema';
import * as audit from './audit';
import * as origin from './origin';
import { hashed } from './sealed';

/** A cookie to set or, with age 0, to remove. */
export type Cookie = { name: string; value: string; maxAge: number };

/** Sign-in of people: checks the password, counts the attempts, makes and ends sessions. */
export type People = {
	/** name of the session's cookie */
	cookie: string;
	/**
	 * @param address of the client: attempts are counted by it
	 * @throws Problem `unauthenticated` (never says which of the two is wrong), `busy` with `retryAfter` in seconds
	 */
	enter(input: { email: string; password: string; address: string; agent: string }): Promise<Cookie>;
	/** Ends the session of these cookies, if there is one. */
	leave(headers: Headers): Promise<void>;
};

/** A session lasts a shift and is not prolonged: who looks longer than that is a wall, and walls have tokens. */
const SHIFT = 12 * 3600;
/** Attempts to sign in of one address: so many in so many seconds. A whole team may come through one address. */
export const ATTEMPTS = { window: 60, max: 10 };
/** What says where a request comes from. Only `enter` makes these requests, so nobody else can set it. */
const ADDRESS = 'x-watchfloor-address';
/** Where better-auth believes to live. Its routes are not mounted anywhere: it is called, never reached. */
const INSIDE = 'http://watchfloor.invalid';

/** @param secret signs the cookies */
export async function open(client: Client, config: Config, log: Log, secret: string): Promise<People> {
	const given = { required: false, input: false } as const;
	const auth = betterAuth({
		appName: 'Watchfloor',
		baseURL: INSIDE,
		secret,
		database: hashed(
			drizzleAdapter(client.db, {
				provider: 'pg',
				schema: { user: users, session: sessions, account: accounts, verification: verifications }
			})
		),
		emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 12, maxPasswordLength: 128 },
		user: {
			additionalFields: {
				role: { type: 'string', ...given },
				clearance: { type: 'string', ...given },
				sectors: { type: 'string[]', ...given },
				provinces: { type: 'string[]', ...given }
			}
		},
		session: { expiresIn: SHIFT, disableSessionRefresh: true, cookieCache: { enabled: false } },
		databaseHooks: {
			session: {
				create: {
					after: ({ id, userId, ipAddress }) =>
						audit.write(client.db, { id: `user:${userId}` }, 'session.start', `session:${id}`, {
							address: ipAddress ?? null
						})
				}
			}
		},
		rateLimit: { enabled: true, storage: 'memory', customRules: { '/sign-in/email': ATTEMPTS } },
		advanced: {
			cookiePrefix: 'watchfloor',
			useSecureCookies: origin.secure(config),
			defaultCookieAttributes: { httpOnly: true, sameSite: 'lax' },
			ipAddress: { ipAddressHeaders: [ADDRESS] }
		},
		telemetry: { enabled: false },
		logger: {
			level: 'warn',
			log: (level, message) => log[level === 'error' ? 'error' : 'debug']({ part: 'people' }, message)
		}
	});
	const cookie = (await auth.$context).authCookies.sessionToken.name;
	return {
		cookie,
		async enter({ email, password, address, agent }) {
			const answer = await auth.handler(
				new Request(`${INSIDE}/api/auth/sign-in/email`, {
					method: 'POST',
					headers: { 'content-type': 'application/json', origin: INSIDE, 'user-agent': agent, [ADDRESS]: address },
					body: JSON.stringify({ email, password })
				})
			);
			if (answer.status === 429) {
				const wait = Number(answer.headers.get('x-retry-after')) || ATTEMPTS.window;
				log.warn({ address }, 'too many attempts to sign in');
				throw busy(`Too many attempts to sign in from your network. Try again in ${wait} seconds.`, wait);
			}
			if (answer.status >= 500) throw new Error(`sign-in answered ${answer.status}`);
			const set = parseSetCookieHeader(answer.headers.getSetCookie().join(', ')).get(cookie);
			if (!answer.ok || !set) {
				log.warn({ address, status: answer.status }, 'sign-in refused');
				throw new Problem('unauthenticated', 401, 'This e-mail address and password do not belong together.');
			}
			return { name: cookie, value: decoded(set.value), maxAge: SHIFT };
		},
		async leave(headers) {
			await auth.api.signOut({ headers });
		}
	};
}

const decoded = (value: string) => (value.includes('%') ? decodeURIComponent(value) : value);
