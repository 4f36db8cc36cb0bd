/**
 * The parts of a scene, made one a frame, so that none of its tasks is long; `whole` makes all at once, as the server
 * does. Call it while the scene's component is being made: `n` counts up to `most`.
 */
export class Made {
	n = $state(1);

	constructor(most: number, whole: boolean) {
		if (whole) this.n = most;
		$effect(() => {
			if (this.n >= most) return;
			// After the frame, not before it: the next part is a task of its own.
			let timer: ReturnType<typeof setTimeout>;
			const frame = requestAnimationFrame(() => (timer = setTimeout(() => this.n++)));
			return () => {
				cancelAnimationFrame(frame);
				clearTimeout(timer);
			};
		});
	}
}
