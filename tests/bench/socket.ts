import { connect, type Socket } from 'node:net';
import { clock } from './process';

/** How much of a message is looked at: the numbers of a frame stand at its beginning. */
const HEAD = 96;
const FRAME = '42/live,["frame",{"from":';

/** What a viewer tells: a frame with its `to` (0 from a plain server), when it came, and its text if that is kept. */
export type Heard = (to: number, at: number, bytes: number, text: string | undefined) => void;

/**
 * A client that costs next to nothing, so that a thousand fit beside the server on a small machine: WebSocket (RFC
 * 6455) over a bare socket, speaking Socket.IO's protocol (Engine.IO 4) just far enough to subscribe; the text of a
 * frame is skipped, not read. With no token it is a client of a plain WebSocket server.
 */
export class Viewer {
	readonly #socket: Socket;
	#upgraded = false;
	#pending: Buffer | undefined;
	#left = 0;
	#length = 0;
	#head = Buffer.alloc(HEAD);
	#held = 0;
	#whole: Buffer[] = [];
	/** keeps the text of frames */
	keep = false;
	/** the last frame's `to` */
	seen = 0;

	constructor(
		port: number,
		readonly token: string | undefined,
		readonly heard: Heard,
		readonly ended: (why: string) => void
	) {
		this.#socket = connect({ port, host: '127.0.0.1', noDelay: true });
		this.#socket.on('connect', () =>
			this.#socket.write(
				`GET ${token ? '/socket.io/?EIO=4&transport=websocket' : '/'} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n`
			)
		);
		this.#socket.on('data', (chunk) => this.#take(chunk));
		this.#socket.on('error', (e) => ended(e.message));
		this.#socket.on('close', () => ended('closed'));
	}

	close(): void {
		this.#socket
			.removeAllListeners('close')
			.removeAllListeners('data')
			.on('error', () => {})
			.destroy();
	}

	#take(chunk: Buffer): void {
		if (this.#pending) {
			chunk = Buffer.concat([this.#pending, chunk]);
			this.#pending = undefined;
		}
		let i = 0;
		if (!this.#upgraded) {
			const end = chunk.indexOf('\r\n\r\n');
			if (end < 0) {
				this.#pending = chunk;
				return;
			}
			if (!chunk.toString('latin1', 0, 12).endsWith('101')) return this.ended(chunk.toString('latin1', 0, 60));
			this.#upgraded = true;
			i = end + 4;
		}
		while (i < chunk.length) {
			if (this.#left === 0) {
				const short = chunk.length - i < 2 ? 127 : chunk[i + 1]!;
				const header = short < 126 ? 2 : short === 126 ? 4 : 10;
				if (chunk.length - i < header) {
					this.#pending = chunk.subarray(i);
					return;
				}
				this.#length = this.#left =
					short < 126 ? short : short === 126 ? chunk.readUInt16BE(i + 2) : Number(chunk.readBigUInt64BE(i + 2));
				this.#held = 0;
				i += header;
				if (this.#left > 0 && i === chunk.length) return;
			}
			const n = Math.min(this.#left, chunk.length - i);
			if (this.#held < HEAD) this.#held += chunk.copy(this.#head, this.#held, i, i + Math.min(n, HEAD - this.#held));
			if (this.keep) this.#whole.push(Buffer.from(chunk.subarray(i, i + n)));
			i += n;
			this.#left -= n;
			if (this.#left === 0) this.#message();
		}
	}

	#message(): void {
		const head = this.#head.toString('latin1', 0, this.#held);
		const text = this.keep ? Buffer.concat(this.#whole).toString() : undefined;
		this.#whole = [];
		if (!this.token) return this.heard(0, clock(), this.#length, undefined);
		if (head.startsWith(FRAME)) {
			this.seen = Number(/"to":(\d+)/.exec(head)?.[1]);
			this.heard(this.seen, clock(), this.#length, text);
		} else if (head === '2') this.#say('3');
		else if (head.startsWith('0{')) this.#say(`40/live,${JSON.stringify({ token: this.token })}`);
		else if (head.startsWith('40/live')) this.#say('42/live,0["subscribe",{}]');
		else if (head.startsWith('44/live') || head.startsWith('43/live,0[{"error"')) this.ended(head);
	}

	/** A text message of a client is masked; a mask of zeros leaves it as it is. */
	#say(text: string): void {
		const length = Buffer.byteLength(text);
		const header = length < 126 ? [0x81, 0x80 | length] : [0x81, 0x80 | 126, length >> 8, length & 255];
		this.#socket.write(Buffer.concat([Buffer.from([...header, 0, 0, 0, 0]), Buffer.from(text)]));
	}
}
