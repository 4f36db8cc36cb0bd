import type { Log } from '../ops/log';
import type { Sql } from '../store/client';
import { Follow } from '../store/follow';
import * as judgement from '../store/judgement';
import type { Judgement } from './usual';

const LOOK = 60_000;

/** Follows what is judged. Latest wins: none of the others has to be seen. */
export const verdicts = (sql: Sql, take: (latest: Judgement) => void, log: Log): Follow =>
	new Follow(sql, {
		channel: judgement.CHANNEL,
		every: LOOK,
		look: async () => take(await judgement.latest(sql)),
		failed: (e) => log.warn({ err: e }, 'what was judged could not be read; it is tried again')
	});
