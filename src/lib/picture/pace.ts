/** Shortest time between two redraws, in milliseconds: what a person can still follow, and no long task at 500 reports a second. */
export const REDRAW = 250;

/**
 * Gathers any number of requests to draw into one drawing per `gap` milliseconds, on an animation frame where there is
 * one (so a hidden page folds on and draws once when it is looked at again). The first request after a pause draws at
 * once.
 */
export class Pace {
	#last = -Infinity;
	#waiting = false;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#frame = 0;

	constructor(
		readonly draw: () => void,
		readonly gap = REDRAW
	) {}

	ask(): void {
		if (this.#waiting) return;
		this.#waiting = true;
		const wait = this.#last + this.gap - performance.now();
		if (wait > 0) this.#timer = setTimeout(this.#onFrame, wait);
		else this.#onFrame();
	}

	stop(): void {
		clearTimeout(this.#timer);
		if (this.#frame) cancelAnimationFrame(this.#frame);
		this.#waiting = false;
	}

	#onFrame = (): void => {
		if (typeof requestAnimationFrame === 'function') this.#frame = requestAnimationFrame(this.#run);
		else this.#run();
	};

	#run = (): void => {
		this.#waiting = false;
		this.#last = performance.now();
		this.draw();
	};
}
