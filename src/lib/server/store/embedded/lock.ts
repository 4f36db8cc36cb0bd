import { closeSync, constants, openSync } from 'node:fs';
import { createServer } from 'node:net';
import { sleep } from './process';

/**
 * Waits until this process alone may start or join the cluster; returns the function that lets the next one in.
 *
 * The lock is the kernel's, so that no crash leaves it behind: on Linux an abstract socket name, which exists only
 * as long as a process is bound to it; on macOS and the BSDs an open file with O_EXLOCK. (Node.js offers no flock,
 * and a lock file has to be judged stale by its readers, who race each other in doing so.)
 * @param name what to lock: not guessable, since any local user could bind to it
 * @param file a file that may be made for it
 */
export async function hold(name: string, file: string, waiting: () => void): Promise<() => void> {
	const started = Date.now();
	for (let told = false; ;) {
		const release = await (process.platform === 'linux' ? bind(`\0watchfloor-${name}`) : openExclusively(file));
		if (release) return release;
		if (!told && Date.now() - started > 5000) {
			told = true;
			waiting();
		}
		await sleep(20);
	}
}

function bind(path: string): Promise<(() => void) | null> {
	return new Promise((done, fail) => {
		const server = createServer((visitor) => visitor.destroy());
		server.unref();
		server.once('error', (e: NodeJS.ErrnoException) => (e.code === 'EADDRINUSE' ? done(null) : fail(e)));
		server.listen({ path }, () => done(() => void server.close()));
	});
}

async function openExclusively(file: string): Promise<(() => void) | null> {
	const O_EXLOCK = 0x20;
	try {
		const fd = openSync(file, constants.O_RDWR | constants.O_CREAT | constants.O_NONBLOCK | O_EXLOCK, 0o600);
		return () => closeSync(fd);
	} catch (e) {
		if ((e as NodeJS.ErrnoException).code === 'EAGAIN') return null;
		throw e;
	}
}
