/** Milliseconds between two announcements of one region at the least: who listens must be able to do something else. */
export const REST = 10_000;

/**
 * Lets a live region speak seldom: a text is said at once if the region has rested, else when it has; of several that
 * wait only the last is said, and none if that is what was said before. An empty text is nothing to say.
 */
export class Calm {
	#last = -Infinity;
	#said = '';
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor(
		private say: (text: string) => void,
		private rest = REST
	) {}

	push(text: string): void {
		clearTimeout(this.#timer);
		if (text === this.#said) return;
		const wait = this.#last + this.rest - Date.now();
		if (text === '') this.#said = '';
		else if (wait <= 0) this.#speak(text);
		else this.#timer = setTimeout(() => this.#speak(text), wait);
	}

	stop(): void {
		clearTimeout(this.#timer);
	}

	#speak(text: string): void {
		this.#last = Date.now();
		this.#said = text;
		this.say(text);
	}
}
