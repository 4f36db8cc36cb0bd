import { Decoder, Encoder as Plain, PacketType, type Packet } from 'socket.io-parser';

/** JSON that has been made already: one text for all viewers of an audience. */
export class Ready {
	constructor(readonly json: string) {}
}

/** Socket.IO's own wire format; only what is `Ready` is not made into JSON again for each client. */
class Encoder extends Plain {
	override encode(packet: Packet): unknown[] {
		const data: unknown = packet.data;
		const last: unknown = Array.isArray(data) ? data.at(-1) : undefined;
		if (!(last instanceof Ready) || (packet.type !== PacketType.EVENT && packet.type !== PacketType.ACK))
			return super.encode(packet);
		const before = (data as unknown[]).slice(0, -1).map((d) => JSON.stringify(d) + ',');
		return [
			`${packet.type}${packet.nsp === '/' ? '' : `${packet.nsp},`}${packet.id ?? ''}[${before.join('')}${last.json}]`
		];
	}
}

export const parser = { Encoder, Decoder };

/** A packet as Engine.IO sends it to each of many clients: its text, and the bytes on a WebSocket, made once. */
export type Shared = { text: string; options: { compress: false; wsPreEncodedFrame: Buffer[] } };

/**
 * One event for many clients of a namespace. Header and text are one buffer, so that each client costs one write; as
 * two they cost a third more.
 */
export function share(nsp: string, event: string, { json }: Ready): Shared {
	const text = `${PacketType.EVENT}${nsp},[${JSON.stringify(event)},${json}]`;
	const message = Buffer.from(`4${text}`); // 4: a message of Engine.IO
	return { text, options: { compress: false, wsPreEncodedFrame: [Buffer.concat([header(message.length), message])] } };
}

/** The header of a WebSocket text message from a server (RFC 6455, section 5.2): whole, not masked. */
function header(length: number): Buffer {
	if (length < 126) return Buffer.from([0x81, length]);
	if (length < 65_536) return Buffer.from([0x81, 126, length >> 8, length & 255]);
	const long = Buffer.alloc(10);
	long.writeUInt16BE((0x81 << 8) | 127);
	long.writeBigUInt64BE(BigInt(length), 2);
	return long;
}
