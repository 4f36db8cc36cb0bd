import { rings, type Alarm } from '$lib/core/alarm';

/** Milliseconds for which the mark around the picture holds. */
const HOLDS = 8000;

/**
 * A short tone when a high-priority alarm begins to ring, and a mark around the picture that says the same to the eye.
 * A browser plays nothing before somebody has touched the screen: then `waiting`, and the screen says so.
 */
export class Tone {
	waiting = $state(false);
	mark = $state(false);
	#context: AudioContext | undefined;
	#known: Set<string> | undefined;
	#timer: ReturnType<typeof setTimeout> | undefined;

	/** On or off, as the screen is set. */
	set(on: boolean): void {
		if (!on) {
			void this.#context?.close();
			this.#context = undefined;
			this.waiting = false;
			return;
		}
		if (this.#context || typeof AudioContext === 'undefined') return;
		const context = (this.#context = new AudioContext());
		const look = () => (this.waiting = context === this.#context && context.state !== 'running');
		context.onstatechange = look;
		look();
	}

	/** Somebody touched the screen. */
	touch(): void {
		if (this.waiting) void this.#context?.resume();
	}

	/** Hears which alarms there are: new ones of high priority are told once. */
	hear(alarms: readonly Alarm[], now: number): void {
		const high = alarms.filter((a) => a.priority === 'high' && a.standing === 'unacknowledged' && rings(a, now));
		const ids = new Set(high.map((a) => `${a.id} ${a.raised}`));
		const fresh = this.#known && [...ids].some((id) => !this.#known?.has(id));
		this.#known = ids;
		if (!fresh || !this.#context) return;
		this.mark = true;
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => (this.mark = false), HOLDS);
		if (this.#context.state === 'running') play(this.#context);
	}

	stop(): void {
		clearTimeout(this.#timer);
		this.set(false);
	}
}

/** Two notes of a fifth of a second, falling. */
function play(context: AudioContext): void {
	for (const [i, hertz] of [880, 660].entries()) {
		const at = context.currentTime + i * 0.25;
		const tone = new OscillatorNode(context, { frequency: hertz });
		const gain = new GainNode(context, { gain: 0 });
		gain.gain.setValueAtTime(0, at);
		gain.gain.linearRampToValueAtTime(0.25, at + 0.02);
		gain.gain.linearRampToValueAtTime(0, at + 0.2);
		tone.connect(gain).connect(context.destination);
		tone.start(at);
		tone.stop(at + 0.22);
	}
}
