import { setTimeout as sleep } from 'node:timers/promises';
import { isProblem } from '../lib/core/error';
import { STATUSES, type Incident } from '../lib/core/incident';
import { knock, type Answer, type Door, type Request } from './door';
import { incidents, later, type ExerciseIncident } from './incidents';
import { Random } from './random';

/** As many open cases as a wall can carry; beyond it, cases are closed rather than opened. */
const MANY = 40;
/** Seconds between two changes: at least, at most. */
const PAUSE = [30, 90] as const;

/** What is written down when a case reaches a phase. */
const NOTES: Record<Incident['status'], string> = {
	new: 'Reported.',
	triage: 'Report confirmed with the organisation; logs asked for.',
	contain: 'Affected systems are isolated, addresses blocked at the edge.',
	eradicate: 'Cause removed; credentials are being changed.',
	recover: 'Systems return to service under watch.',
	closed: 'Nothing further seen for the agreed time; lessons written down.'
};

type Desk = Door & { token: string; seed: number };

/** Opens the cases of the exercise that are not there yet. A refused one is said and left out. */
export async function open(desk: Desk, now: number): Promise<void> {
	const there = new Set((await list(desk)).map((i) => i.title));
	let opened = 0;
	for (const i of incidents(desk.seed, now)) {
		if (there.has(i.title) || (there.size > 0 && i.status === 'closed')) continue;
		if (await create(desk, i, now - i.openedAgo)) opened++;
	}
	if (opened) desk.log(`Opened ${opened} incidents.`);
}

/** Works on the cases, one small change at a time, until the signal. */
export async function work(desk: Desk): Promise<void> {
	for (let n = 0; ; n++) {
		const random = new Random(desk.seed, 'work', n);
		await sleep(random.int(...PAUSE) * 1000, undefined, { signal: desk.signal });
		const open = (await list(desk)).filter((i) => i.status !== 'closed');
		const fresh = later(desk.seed, n);
		if (open.length < MANY && random.chance(0.35) && !open.some((i) => i.title === fresh.title)) {
			await create(desk, fresh, Date.now() / 1000);
			continue;
		}
		// What is nearly done is what gets closed; else any case moves one phase.
		const ready = open.filter((i) => i.status === 'recover');
		const pick =
			ready.length && random.chance(open.length > MANY - 8 ? 0.5 : 0.2)
				? random.of(ready)
				: random.of(open.filter((i) => i.status !== 'recover'));
		if (pick) await advance(desk, pick);
	}
}

async function list(desk: Desk): Promise<Incident[]> {
	const answer = await attempt(desk, '/api/v1/incidents?limit=200', {});
	const body = answer?.body;
	if (typeof body !== 'object' || body === null) return [];
	const found = Object.values(body).find(Array.isArray) ?? [];
	return found as Incident[];
}

async function create(desk: Desk, i: ExerciseIncident, opened: number): Promise<boolean> {
	const known = Object.entries(i).filter(([name, value]) => name !== 'openedAgo' && value !== null);
	const body = { ...Object.fromEntries(known), opened: new Date(opened * 1000).toISOString() };
	return (await attempt(desk, '/api/v1/incidents', { method: 'POST', body: JSON.stringify(body) })) !== undefined;
}

async function advance(desk: Desk, i: Incident): Promise<void> {
	const status = STATUSES[STATUSES.indexOf(i.status) + 1];
	if (!status) return;
	await attempt(desk, `/api/v1/incidents/${encodeURIComponent(i.id)}`, {
		method: 'PATCH',
		headers: { 'if-match': `"${i.version}"` },
		body: JSON.stringify({ status, note: NOTES[status] })
	});
}

/** One request about cases. A refusal ends nothing: someone may have changed the case first. */
async function attempt(desk: Desk, path: string, request: Request): Promise<Answer | undefined> {
	try {
		return await knock(desk, path, {
			...request,
			token: desk.token,
			headers: { 'content-type': 'application/json', ...request.headers }
		});
	} catch (e) {
		if (!isProblem(e)) throw e;
		desk.log(e.message);
		return undefined;
	}
}
