import pino, { type Logger } from 'pino';

export type Log = Logger;

/** Structured log on standard error as JSON lines: standard output belongs to answers. Secrets are cut wherever they stand. */
export function open(level: string): Log {
	return pino(
		{
			level,
			base: { pid: process.pid },
			timestamp: pino.stdTimeFunctions.isoTime,
			redact: {
				paths: ['token', 'password', 'authorization', 'cookie', '*.token', '*.password', '*.authorization', '*.cookie'],
				censor: '[secret]'
			}
		},
		pino.destination({ dest: 2, sync: false })
	);
}
