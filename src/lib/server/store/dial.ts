import { connect, type Socket } from 'node:net';

/** What the driver knows of an address: several hosts are tried in turn; a path is that of a Unix socket. */
type Address = { host: string[]; port: number[]; path?: string | null | false };

/**
 * How the driver's connections reach PostgreSQL: without Nagle's algorithm (RFC 896). The driver writes a transaction in
 * small pieces and does not turn it off, so that each one waits up to 40 ms for the acknowledgement of the piece before
 * it: twice in a commit of reports. The socket is given while it still connects, as the driver's own would be.
 */
export function dial(): (address: Address) => Socket {
	let turn = 0;
	return ({ host, port, path }) => {
		if (path) return connect(path);
		const i = turn++ % host.length;
		const to = { host: host[i]!, port: port[i]! };
		// The driver reads the name from its socket, to check the certificate.
		return Object.assign(connect({ ...to, noDelay: true }), to);
	};
}
