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
