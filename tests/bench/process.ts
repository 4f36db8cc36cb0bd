import { readFileSync, readdirSync } from 'node:fs';

/** What Linux says about processes (proc(5)). */
const TICKS = 100;
const MiB = 1024 * 1024;

function stat(pid: number): string[] {
	const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
	return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

/** Seconds of CPU, user and system, of a process. */
export function cpu(pid: number): number {
	const fields = stat(pid);
	return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

/** Seconds of CPU of a PostgreSQL: the postmaster, its backends, and those that have ended. */
export function family(pid: number): number {
	const own = stat(pid);
	let ticks = [11, 12, 13, 14].reduce((sum, i) => sum + Number(own[i]), 0);
	for (const name of readdirSync('/proc')) {
		if (!/^\d+$/.test(name)) continue;
		try {
			const fields = stat(Number(name));
			if (Number(fields[1]) === pid) ticks += Number(fields[11]) + Number(fields[12]);
		} catch {
			// It has just ended.
		}
	}
	return ticks / TICKS;
}

/** Memory of a process in MiB: what it holds now, and the most it has held. */
export function memory(pid: number): { now: number; peak: number } {
	const text = readFileSync(`/proc/${pid}/status`, 'latin1');
	const kB = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0);
	return { now: (kB('VmRSS') * 1024) / MiB, peak: (kB('VmHWM') * 1024) / MiB };
}

/** How busy the machine is over a time, 0 to 1: what others do while we do nothing. */
export async function busy(ms: number): Promise<number> {
	const read = () => {
		const all = readFileSync('/proc/stat', 'latin1').split('\n')[0]!.trim().split(/\s+/).slice(1, 9).map(Number);
		return { idle: all[3]! + all[4]!, sum: all.reduce((a, b) => a + b, 0) };
	};
	const before = read();
	await new Promise((done) => setTimeout(done, ms));
	const after = read();
	return 1 - (after.idle - before.idle) / Math.max(1, after.sum - before.sum);
}

/** Milliseconds of a clock that all processes of the machine share. */
export const clock = (): number => Number(process.hrtime.bigint()) / 1e6;
