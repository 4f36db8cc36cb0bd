import { untrack } from 'svelte';
import type { Live } from '$lib/picture/live.svelte';

/** Milliseconds between two reads that a change asks for. */
const REST = 1000;

/**
 * Calls `read` once a minute of the server's clock, and soon after `reason` becomes another text that is not empty: for
 * what a page shows that does not come through the socket. Never while the picture is old or nobody looks: the next
 * second in which both are over makes up for it. To be called while a component is made.
 */
export function again(live: Live, read: () => Promise<unknown>, reason: () => string = () => ''): void {
	let minute = untrack(() => Math.floor(live.now / 60));
	let asked = untrack(reason);
	let last = -Infinity;
	$effect(() => {
		const now = Math.floor(live.now / 60);
		const why = reason();
		if ((now === minute && (why === '' || why === asked)) || live.old || document.hidden) return;
		const wait = last + REST - performance.now();
		const timer = setTimeout(
			() => {
				minute = now;
				asked = why;
				last = performance.now();
				void read();
			},
			Math.max(0, wait)
		);
		return () => clearTimeout(timer);
	});
}
