import { hash } from 'node:crypto';
import { Thread, type Verdict } from './thread';

export type { Finding, Verdict } from './thread';

/** Milliseconds that the tests of one document may take; and while everything waits for them. */
const PATIENCE = 30_000;
const NOW = 2000;
/** Milliseconds after which a thread that nobody asks is ended: it holds some 100 MB. */
const IDLE = 60_000;

/** Threads for those who wait aside and for those for whom everything waits: each answers one at a time. */
let aside: Thread | undefined;
let now: Thread | undefined;
let turn: Promise<unknown> = Promise.resolve();
let idle: NodeJS.Timeout | undefined;

/** Digests of documents that no thread could finish, the newest: nothing waits for one of them twice. */
const exhausting = new Set<string>();
const REMEMBERED = 1000;

/** Runs the schema and the mandatory tests of CSAF 2.0 on a JSON text, one document after the other. */
export function check(text: string, patience = PATIENCE): Promise<Verdict> {
	const answer = turn.then(async () => {
		if (!aside || aside.over) aside = new Thread();
		const verdict = await aside.ask(text, patience);
		if (verdict === 'exhausted') remember(text);
		rest();
		return verdict;
	});
	turn = answer.catch(() => {});
	return answer;
}

/** The same, while everything waits: for one record that somebody tries again. */
export function checkNow(text: string, patience = NOW): Verdict {
	if (exhausting.has(digest(text))) return 'exhausted';
	if (!now || now.over) now = new Thread();
	const verdict = now.askNow(text, patience);
	if (verdict === 'exhausted') remember(text);
	rest();
	return verdict;
}

const digest = (text: string): string => hash('sha256', text, 'base64');

function remember(text: string): void {
	exhausting.add(digest(text));
	const [oldest] = exhausting;
	if (exhausting.size > REMEMBERED) exhausting.delete(oldest!);
}

function rest(): void {
	idle ??= setTimeout(() => {
		idle = undefined;
		now?.stop();
		now = undefined;
		turn = turn.then(() => {
			aside?.stop();
			aside = undefined;
		});
	}, IDLE).unref();
	idle.refresh();
}
