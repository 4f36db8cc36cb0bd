import { first, id, jump, next, step, SCENES, type Kind, type Odd, type Plan, type Turn } from '$lib/core/scene';
import { CALM, SAYS, type Settings, type Told } from '$lib/core/screen';

type Answer = { build: string; told: Told | null; refused: string | null; campaigns: number[] };
type Given = {
	name: string | null;
	told: Told | null;
	now: number;
	/** sectors and provinces that the viewer may see, the furthest from their usual first */
	of: () => { sector: string[]; province: string[] };
};

/** Milliseconds for which the line of keys is shown. */
const SHOWN = 5000;

/** What a wall screen shows: how it is set, what the hand at it asked for, and whose turn it is. */
export class Stage {
	readonly name: string | null;
	#of: Given['of'];
	#told = $state.raw<Told | null>(null);
	/** asked for at the screen itself, until it is set anew from the desk */
	#hand = $state.raw<{ order?: Kind[]; paused?: boolean }>({});
	#campaigns = $state.raw<number[]>([]);
	#turn = $state.raw<Turn>() as Turn;
	/** build that serves us now; null: not heard yet */
	build = $state<string | null>(null);
	/** why this screen cannot be set from the desk */
	refused = $state<string | null>(null);
	keys = $state(false);
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor({ name, told, now, of }: Given) {
		this.name = name;
		this.#of = of;
		this.#told = told;
		this.#turn = first(this.#plan(), now);
	}

	get settings(): Settings {
		return this.#told?.settings ?? CALM;
	}
	get turn(): Turn {
		return this.#turn;
	}
	get paused(): boolean {
		return this.#hand.paused ?? this.settings.paused;
	}
	get order(): readonly Kind[] {
		return this.#hand.order ?? this.settings.scenes;
	}

	/** Takes over how the screen is set, if that is newer; what the hand asked for is over then. */
	take(told: Told | null, now: number): void {
		if (!told || (this.#told && told.version <= this.#told.version)) return;
		this.#told = told;
		this.#hand = {};
		const plan = this.#plan();
		// What was chosen at the desk is seen at once, and not after the rest of a turn.
		this.#turn =
			plan.order.includes(this.#turn.scene.kind) && plan.order.length > 1
				? next(this.#turn, plan, [], now)
				: first(plan, now);
	}

	/** Goes on where the turn is over. */
	tick(now: number, odd: () => readonly Odd[]): void {
		const turn = this.#turn;
		const plan = this.#plan();
		const over = !this.paused && now - turn.since >= plan.seconds && (plan.order.length > 1 || turn.scene.key !== null);
		if (over || !plan.order.includes(turn.scene.kind)) this.#turn = next(turn, plan, odd(), now);
	}

	/** A key at the screen; whether it meant something. */
	key(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>, now: number): boolean {
		if (event.ctrlKey || event.metaKey || event.altKey) return false;
		const kind = SCENES[Number(event.key) - 1];
		if (kind) {
			// A scene out of the order is shown alone, until one of the order is asked for.
			const hand =
				this.settings.scenes.includes(kind) && this.order.length > 1
					? this.#hand
					: this.settings.scenes.includes(kind)
						? { paused: this.#hand.paused }
						: { ...this.#hand, order: [kind] };
			const order = hand.order ?? this.settings.scenes;
			const turn = jump(this.#turn, { ...this.#plan(), order }, kind, now);
			if (turn) [this.#hand, this.#turn] = [hand, turn];
		} else if (event.key === ' ') this.#hand = { ...this.#hand, paused: !this.paused };
		else if (event.key === 'ArrowRight') this.#turn = step(this.#turn, this.#plan(), 1, now);
		else if (event.key === 'ArrowLeft') this.#turn = step(this.#turn, this.#plan(), -1, now);
		else if (event.key === '?') {
			this.keys = true;
			clearTimeout(this.#timer);
			this.#timer = setTimeout(() => (this.keys = false), SHOWN);
		} else return false;
		return true;
	}

	/** Says each half minute, and when asked, that this screen is there; answers the function that ends it. */
	run(shows: () => string, now: () => number): { stop: () => void; say: () => void } {
		let last = 0;
		let soon: ReturnType<typeof setTimeout> | undefined;
		const say = async () => {
			clearTimeout(soon);
			last = performance.now();
			soon = setTimeout(() => void say(), SAYS * 1000);
			try {
				const body = JSON.stringify({
					name: this.name,
					width: innerWidth,
					height: innerHeight,
					shows: shows().slice(0, 120)
				});
				const answer = await fetch('/wall/seen', {
					method: 'POST',
					headers: { 'content-type': 'application/json' },
					body
				});
				if (!answer.ok) return;
				const { build, told, refused, campaigns } = (await answer.json()) as Answer;
				this.build = build;
				this.refused = refused;
				if (campaigns.join() !== this.#campaigns.join()) this.#campaigns = campaigns;
				this.take(told, now());
			} catch {
				// The picture says itself when the server is away; this is tried again.
			}
		};
		// Many changes within a second are said once.
		const ask = () => {
			clearTimeout(soon);
			soon = setTimeout(() => void say(), Math.max(0, last + 1000 - performance.now()));
		};
		ask();
		return { stop: () => clearTimeout(soon), say: ask };
	}

	#plan(): Plan {
		const { seconds, sector, province, campaign } = this.settings;
		const of = this.#of();
		const one = (all: string[], chosen: string | null) => (chosen === null ? all : all.filter((key) => key === chosen));
		const campaigns = this.#campaigns.map(String);
		return {
			order: this.order,
			seconds,
			paused: this.paused,
			of: {
				sector: one(of.sector, sector),
				province: one(of.province, province),
				campaign: campaign === null ? campaigns : campaigns.length ? [String(campaign)] : []
			}
		};
	}

	/** Names what is shown, so that it is drawn anew when that changes. */
	get id(): string {
		return id(this.#turn.scene);
	}
}
