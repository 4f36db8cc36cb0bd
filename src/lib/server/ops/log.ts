import pino, { type Logger } from 'pino';

export type Log = Logger;

/** An error without the statement and the values that a database driver hangs on it: those may hold anything. */
function plain(e: unknown): unknown {
	const {
		query: _,
		parameters: __,
		params: ___,
		args: ____,
		...rest
	} = pino.stdSerializers.err(e as Error) as unknown as Record<string, unknown>;
	return rest;
}

/** Structured log on standard error as JSON lines: standard output belongs to answers. Secrets are cut wherever they stand. */
export function open(level: string): Log {
	return pino(
		{
			level,
			base: { pid: process.pid },
			serializers: { err: plain },
			timestamp: pino.stdTimeFunctions.isoTime,
			redact: {
				paths: ['token', 'password', 'authorization', 'cookie', '*.token', '*.password', '*.authorization', '*.cookie'],
				censor: '[secret]'
			}
		},
		pino.destination({ dest: 2, sync: false })
	);
}
