import type { Socket } from 'socket.io';

type Conn = { writeBuffer: { data?: unknown }[]; transport: { socket?: { bufferedAmount?: number } } };

/** Bytes that wait for one client: packets not handed to its transport yet, and what the transport has not got rid of. */
export function waiting(socket: Socket): number {
	const conn = socket.conn as unknown as Conn;
	let bytes = conn.transport.socket?.bufferedAmount ?? 0;
	for (const packet of conn.writeBuffer) bytes += typeof packet.data === 'string' ? packet.data.length : 64;
	return bytes;
}
