import { expect, it } from 'vitest';
import { until } from '../../../../tests/contract/stage';
import * as logs from '../ops/log';
import * as metrics from '../ops/metrics';
import { Thread, type Given } from './thread';

/** A thread in place of the engine's. */
const file = (text: string) =>
	new URL(
		`data:text/javascript,${encodeURIComponent(`import { parentPort, workerData } from 'node:worker_threads'; ${text}`)}`
	);
const given: Given = { url: 'postgres://nowhere', timeout: 1, level: 'silent', settings: { keep: 1, exercise: true } };
const make = (text: string) => {
	const gauges = metrics.open();
	const thread = new Thread(file(text), given, gauges, logs.open('silent'), 20);
	const read = async (name: keyof typeof gauges) =>
		(await (gauges[name] as (typeof gauges)['judgeSeries']).get()).values.map((v) => v.value);
	return { thread, read };
};

it('a thread is given what it needs, and measures for the metrics of the process', async () => {
	const { thread, read } = make(`
		parentPort.postMessage(['judgeSeries', 'set', [workerData.settings.exercise ? 7 : 0]]);
		parentPort.postMessage(['stepErrors', 'inc', [{ step: 'alarms' }]]);
		parentPort.once('message', () => { parentPort.postMessage(['judgeSeries', 'set', [0]]); parentPort.close(); });`);
	thread.start();
	await until(async () => (await read('judgeSeries'))[0] === 7 && (await read('stepErrors'))[0] === 1);
	await thread.close();
	expect(await read('judgeSeries')).toEqual([0]);
});

it('a thread that fails is started again, and not after it was closed', async () => {
	const { thread, read } = make(
		`parentPort.postMessage(['judgementsSkipped', 'inc', [1]]); throw new Error('broken');`
	);
	thread.start();
	await until(async () => (await read('judgementsSkipped'))[0]! >= 3);
	await thread.close();
	const [times] = await read('judgementsSkipped');
	await new Promise((later) => setTimeout(later, 200));
	expect((await read('judgementsSkipped'))[0]! - times!).toBeLessThanOrEqual(1);
});
