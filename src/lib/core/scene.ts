/** What a wall can show. `sector`, `province` and `campaign` are of one each. */
export const SCENES = ['nation', 'sector', 'province', 'campaign', 'sources'] as const;
export type Kind = (typeof SCENES)[number];

/** One picture; `key` is the slug, code or number of what it is of (null: of all). */
export type Scene = { kind: Kind; key: string | null };

/** A scene that must be seen: `why` completes "shown because"; `weight` is how far off it is, in σ. */
export type Odd = Scene & { why: string; weight: number };

/** What is to be shown: in which order, how long each, and what a scene of one thing may be of. */
export type Plan = {
	order: readonly Kind[];
	seconds: number;
	paused: boolean;
	/** by kind, in their order; what has none is left out */
	of: Readonly<Record<'sector' | 'province' | 'campaign', readonly string[]>>;
};

/** What is shown since when (epoch seconds); `why`: out of its turn, because. */
export type Turn = {
	scene: Scene;
	since: number;
	why: string | null;
	/** place in the order of the last scene that was shown in its turn, and how often the order was gone through */
	place: number;
	round: number;
	/** those that were shown out of their turn since all of them were */
	told: readonly string[];
};

/** From here on a deviation is abnormal (σ). */
export const ABNORMAL = 4;

export const id = (s: Scene): string => `${s.kind}:${s.key ?? ''}`;

/** The first scene of a plan. */
export function first(plan: Plan, now: number): Turn {
	const place = Math.max(0, ahead(plan, -1).place);
	return {
		scene: at(plan, place, 0) ?? { kind: 'nation', key: null },
		since: now,
		why: null,
		place,
		round: 0,
		told: []
	};
}

/**
 * What is shown at `now`: the same turn until it is over, then by turns what is abnormal (each of it once before one is
 * shown again) and what the order says. Only scenes of the order are shown: who wants one picture has one. A pause keeps
 * what is shown, whatever happens; alarms are on every scene.
 */
export function next(turn: Turn, plan: Plan, odd: readonly Odd[], now: number): Turn {
	const shows = possible(plan, turn.scene);
	if (shows && (plan.paused || now - turn.since < plan.seconds)) return turn;
	const among = odd.filter((o) => possible(plan, o));
	if (shows && plan.order.length === 1 && among.length === 0 && at(plan, 0, turn.round + 1) === undefined) return turn;
	// Every second turn is of what is abnormal, so that the rest is never lost from sight.
	if (turn.why === null && among.length) {
		const left = among.filter((o) => !turn.told.includes(id(o)));
		const most = [...(left.length ? left : among)].sort((a, b) => b.weight - a.weight)[0]!;
		const told = left.length ? [...turn.told, id(most)] : [id(most)];
		if (id(most) !== id(turn.scene) || among.length === 1)
			return { ...turn, scene: { kind: most.kind, key: most.key }, since: now, why: most.why, told };
	}
	return step(turn, plan, 1, now);
}

/** The scene after this one in the order, or before it (`by` −1): by hand, or because its time is over. */
export function step(turn: Turn, plan: Plan, by: 1 | -1, now: number): Turn {
	const { place, turned } = ahead(plan, turn.place, by);
	const round = Math.max(0, turn.round + turned);
	return { ...turn, scene: at(plan, place, round) ?? turn.scene, since: now, why: null, place, round };
}

/** A scene of a kind, by hand; undefined where there is none of it. */
export function jump(turn: Turn, plan: Plan, kind: Kind, now: number): Turn | undefined {
	const scene = pick(plan, kind, turn.round);
	return scene && { ...turn, scene, since: now, why: null, place: Math.max(0, plan.order.indexOf(kind)) };
}

/** The scene of a kind in a round: of one thing after the other. */
function pick(plan: Plan, kind: Kind, round: number): Scene | undefined {
	if (kind === 'nation' || kind === 'sources') return { kind, key: null };
	const of = plan.of[kind];
	return of.length ? { kind, key: of[round % of.length]! } : undefined;
}

const at = (plan: Plan, place: number, round: number): Scene | undefined => {
	const kind = plan.order[place];
	return kind && pick(plan, kind, round);
};

const possible = (plan: Plan, scene: Scene): boolean =>
	plan.order.includes(scene.kind) &&
	(scene.kind === 'nation' || scene.kind === 'sources' || plan.of[scene.kind].includes(scene.key ?? ''));

/** The next place in the order that has something to show, and whether the end was passed. */
function ahead(plan: Plan, from: number, by: 1 | -1 = 1): { place: number; turned: number } {
	const { length } = plan.order;
	let place = from;
	let turned = 0;
	for (let i = 0; i < length; i++) {
		place += by;
		if (place >= length) [place, turned] = [0, 1];
		if (place < 0) [place, turned] = [length - 1, -1];
		if (at(plan, place, 0)) return { place, turned };
	}
	return { place: Math.max(0, from), turned: 0 };
}
