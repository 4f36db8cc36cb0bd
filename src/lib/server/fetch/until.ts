/** A moment by which something is over; `done` says that nobody waits for it any more. */
export type Until = { signal: AbortSignal; done(): void };

/**
 * Ends with `signal`, or after a time with a `TimeoutError`. Not `AbortSignal.any` and `AbortSignal.timeout`: once
 * garbage has been collected, their timer may be gone with it, and what drips goes on for ever.
 */
export function until(signal: AbortSignal, seconds: number): Until {
	const end = new AbortController();
	const stop = () => end.abort(signal.reason);
	const timer = setTimeout(() => end.abort(new DOMException('too long', 'TimeoutError')), seconds * 1000);
	if (signal.aborted) stop();
	else signal.addEventListener('abort', stop, { once: true });
	return {
		signal: end.signal,
		done: () => {
			clearTimeout(timer);
			signal.removeEventListener('abort', stop);
		}
	};
}
