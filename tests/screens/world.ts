import { make } from '../bench/lines';
import type { Machine } from '../bench/machine';
import type { Row } from '../../src/lib/core/judgement';
import { plant } from '../plant';

/** An invented nation in a server of its own: the same at each run, but for its hours. */
const SEED = 5;
const DAY = 86_400;
const CASES: [string, string, string, string, string?][] = [
	['Mobile core signalling flood', 'ddos', 'emergency', 'telecom', 'PK-IS'],
	['Credential theft at four banks, shared C2', 'phishing', 'severe', 'banking', 'PK-SD'],
	['Ministry mail relay sending phishing abroad', 'phishing', 'high', 'government', 'PK-IS'],
	['Exposed SCADA gateway, KEV listed', 'vulnerable-system', 'high', 'energy', 'PK-PB'],
	['Card data offered for sale', 'data-leak', 'medium', 'banking'],
	['Defaced provincial portal', 'application-compromise', 'medium', 'government', 'PK-KP'],
	['Botnet on home routers', 'infected-system', 'low', 'telecom', 'PK-BA']
];
const LONG =
	'Unauthorised modification of Hydroelectricdistributioncontrolsystemconfigurations at the National Transmission and Despatch Company, with indications of a second, older intrusion';

export type World = { token: string; wall: string; keys: Map<string, string>; ids: Record<string, string> };

const call = async <T>(server: Machine, token: string, path: string, body?: unknown): Promise<T> => {
	const answer = await fetch(server.base + path, {
		method: body === undefined ? 'GET' : 'POST',
		headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
		body: body === undefined ? undefined : JSON.stringify(body)
	});
	if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
	return (await answer.json()) as T;
};
const deliver = async (server: Machine, source: string, token: string, body: Uint8Array | string): Promise<void> => {
	const answer = await fetch(`${server.base}/api/v1/ingest/${source}`, {
		method: 'POST',
		headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson' },
		body: body as BodyInit
	});
	if (!answer.ok) throw new Error(`${source}: ${answer.status} ${await answer.text()}`);
};
const open = (server: Machine, token: string, [title, type, severity, sector, province]: (typeof CASES)[number]) =>
	call<{ id: string }>(server, token, '/api/v1/incidents', { title, type, severity, sector, province });

/** Nothing but who may look. */
export async function begin(server: Machine): Promise<World> {
	const token = await server.token('operator', 'red', 'operator');
	return { token, wall: await server.token('wall', 'amber', 'wall'), keys: new Map(), ids: {} };
}

/** A day of reports, cases, indicators, something in quarantine: but nothing that says what is usual. */
export async function fill(server: Machine, world: World): Promise<void> {
	for (const slug of ['shadowserver', 'honeynet', 'fincert', 'water-sensors'])
		world.keys.set(slug, await server.source(slug));
	const now = Date.now() / 1000;
	for (const [i, slug] of ['shadowserver', 'honeynet', 'fincert'].entries())
		await deliver(server, slug, world.keys.get(slug)!, make(1500, { seed: SEED + i, until: now, span: DAY }).bytes);
	await deliver(
		server,
		'water-sensors',
		world.keys.get('water-sensors')!,
		'{"classification.type": "no such"}\nbroken\n'
	);
	for (const one of CASES) {
		const { id } = await open(server, world.token, one);
		world.ids.INCIDENT ??= id;
	}
	const { observations } = await call<{ observations: { id: string }[] }>(
		server,
		world.token,
		'/api/v1/observations?limit=1'
	);
	world.ids.OBSERVATION = observations[0]!.id;
}

/** What is usual, and telecom and Islamabad far above it. */
export async function judge(server: Machine, world: World): Promise<void> {
	const now = Math.floor(Date.now() / 60_000) * 60;
	const { cells } = await call<{ cells: { province: string; sector: string; count: number }[] }>(
		server,
		world.token,
		'/api/v1/aggregates?by=province,sector'
	);
	const by = new Map<string, [string, string, number]>();
	for (const { province, sector, count } of cells)
		for (const [p, s] of [
			['*', '*'],
			[province, '*'],
			['*', sector],
			[province, sector]
		] as const) {
			const key = `${p} ${s}`;
			by.set(key, [p, s, (by.get(key)?.[2] ?? 0) + count]);
		}
	const rows = [...by.values()].map(([province, sector, n]): Row => {
		const burns = sector === 'telecom' || province === 'PK-IS';
		const mean = (n / 24) * (burns ? 0.4 : 1);
		return ['now', now - 3600, province, sector, '*', Math.round(n / 24), mean, mean * 1.5, 'judged'];
	});
	await plant(server, rows);
}

/** One sector of one province with far more than all others. */
export async function giant(server: Machine, world: World): Promise<void> {
	const now = Date.now() / 1000;
	const key = world.keys.get('honeynet')!;
	for (let i = 0; i < 10; i++) {
		const text = make(12_000, { seed: 100 + i, until: now, span: 3000 }).bytes.toString();
		const lines = text.replace(/"extra\.(sector|province)":"[^"]*"/g, (_, what: string) =>
			what === 'sector' ? '"extra.sector":"telecom"' : '"extra.province":"PK-IS"'
		);
		await deliver(server, 'honeynet', key, lines);
	}
}

export async function names(server: Machine, world: World): Promise<void> {
	for (const severity of ['emergency', 'severe'])
		await open(server, world.token, [LONG, 'unauthorised-information-modification', severity, 'energy', 'PK-KP']);
	const { token } = (await server.cli(
		...['source', 'add', 'a-source-with-a-name-that-does-not-end', '--format', 'intelmq', '--tlp', 'green']
	)) as { token: string };
	const line = make(1, { seed: 77, until: Date.now() / 1000, span: 60 }).bytes;
	await deliver(server, 'a-source-with-a-name-that-does-not-end', token, line);
}

/** A thousand cases more. */
export async function thousand(server: Machine, world: World): Promise<void> {
	const [severities, sectors] = [
		['severe', 'high', 'medium', 'low'],
		['banking', 'telecom', 'health', 'government', 'energy']
	];
	let next = 0;
	const one = async () => {
		for (let i = next++; i < 1000; i = next++)
			await open(server, world.token, [`Case ${i + 1}`, 'phishing', severities[i % 4]!, sectors[i % 5]!, 'PK-PB']);
	};
	await Promise.all([one(), one(), one(), one()]);
}
