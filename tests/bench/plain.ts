import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { clock } from './process';
import type { Recorded } from './viewer';
import { serve } from './worker';

let server: WebSocketServer;

/** The floor of a broadcast: a server that has nothing to do but to send given texts to all. */
const verbs = {
	listen: () =>
		new Promise<number>((done) => {
			server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
			server.on('listening', () => done((server.address() as AddressInfo).port));
		}),

	/** Sends the texts to all clients, in the pace in which they were recorded; answers how many were handed on. */
	replay: async (frames: Recorded[]): Promise<number> => {
		const begun = clock();
		let sent = 0;
		for (const { at, text } of frames) {
			const wait = begun + at - frames[0]!.at - clock();
			if (wait > 0) await new Promise((done) => setTimeout(done, wait));
			const bytes = Buffer.from(text);
			for (const client of server.clients) {
				client.send(bytes, { binary: false });
				sent++;
			}
		}
		return sent;
	}
};

export type Plain = typeof verbs;
export const run = (): void => serve(verbs);
