import type { Sql, Tx } from '../store/client';
import { moment } from '../store/client';
import { viewer, type Grant } from './grant';

/** A live credential; `expires` in epoch milliseconds, `Infinity` for never. */
export type Entry = { grant: Grant; expires: number };

/**
 * Every live credential, in memory: so that a thousand screens that come back at once cost the database nothing.
 * `tokens` and `sessions` are keyed by the hash of the secret and kept apart, so that neither can stand for the other;
 * `grants` holds both by the id of the credential.
 */
export type Roster = {
	version: string;
	tokens: Map<string, Entry>;
	sessions: Map<string, Entry>;
	grants: Map<string, Entry>;
};

export const empty = (): Roster => ({ version: '', tokens: new Map(), sessions: new Map(), grants: new Map() });

/**
 * A word that differs whenever a credential or a person was added, changed or removed. Every change gives its row a
 * newer transaction number than any row had: so with as many rows as before the sum grew, else the number of rows differs.
 */
export async function version(sql: Sql | Tx): Promise<string> {
	const [row] = await sql<{ version: string }[]>`
		select concat_ws('/', count(*) filter (where t = 1), sum(x) filter (where t = 1), count(*) filter (where t = 2), sum(x) filter (where t = 2), count(*) filter (where t = 3), sum(x) filter (where t = 3)) as version
		from (
			select 1 as t, xmin::text::bigint as x from tokens
			union all select 2, xmin::text::bigint from users
			union all select 3, xmin::text::bigint from sessions
		) as rows`;
	return row!.version;
}

type Rights = { role: string | null; clearance: string | null; sectors: string[] | null; provinces: string[] | null };

/** Reads all of it as of one moment. */
export function load(sql: Sql): Promise<Roster> {
	return moment(sql, async (tx) => {
		const roster: Roster = { ...empty(), version: await version(tx) };
		const tokens = await tx<
			({
				id: string;
				name: string;
				hash: string;
				source: number | null;
				slug: string | null;
				expires: number | null;
			} & Rights)[]
		>`
			select t.id::text, t.name, t.hash, t.source_id as source, s.slug, t.role, t.clearance, t.sectors, t.provinces,
				extract(epoch from t.expires_at)::float8 * 1000 as expires
			from tokens t left join sources s on s.id = t.source_id
			where t.revoked_at is null and (t.expires_at is null or t.expires_at > now())`;
		for (const row of tokens) {
			const id = `token:${row.id}`;
			const expires = row.expires ?? Infinity;
			if (row.source !== null) {
				if (row.slug !== null)
					put(roster, roster.tokens, row.hash, {
						grant: { kind: 'source', id, sourceId: row.source, slug: row.slug },
						expires
					});
				continue;
			}
			const seen = viewer({ ...row, id });
			if (seen) put(roster, roster.tokens, row.hash, { grant: { kind: 'viewer', id, viewer: seen }, expires });
		}
		const sessions = await tx<({ id: string; user: string; name: string; hash: string; expires: number } & Rights)[]>`
			select s.id, s.token as hash, s.user_id as user, u.name, u.role, u.clearance, u.sectors, u.provinces,
				extract(epoch from s.expires_at)::float8 * 1000 as expires
			from sessions s join users u on u.id = s.user_id
			where s.expires_at > now()`;
		for (const row of sessions) {
			const seen = viewer({ ...row, id: `user:${row.user}` });
			if (seen)
				put(roster, roster.sessions, row.hash, {
					grant: { kind: 'viewer', id: `session:${row.id}`, viewer: seen },
					expires: row.expires
				});
		}
		return roster;
	});
}

function put(roster: Roster, map: Map<string, Entry>, hash: string, entry: Entry): void {
	map.set(hash, entry);
	roster.grants.set(entry.grant.id, entry);
}
