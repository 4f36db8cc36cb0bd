import type { Component } from './link';

/** A campaign as it stands, with the values that belong to it. */
export type Standing = {
	id: number;
	state: 'open' | 'quiet' | 'dismissed';
	/** nothing is taken from it any more: a person has decided something, or it is old */
	kept: boolean;
	members: { clue: string; kind: string }[];
};
/** What is to be done, in this order; `into` and `id` are campaigns, null: a new one. */
export type Decision =
	| { do: 'merge'; id: number; into: number }
	| { do: 'take'; id: number; clues: string[] }
	| { do: 'give'; id: number | null; clues: string[] }
	| { do: 'reopen'; id: number; kinds: string[] }
	| { do: 'dissolve'; id: number };

/**
 * Brings campaigns to what now belongs together. What people decided stands: nothing is taken from a campaign that
 * somebody touched, what was split is never made one, and what was dismissed comes back only when a kind of value
 * joins that it did not have.
 *
 * @param apart whether a person has split two campaigns
 */
export function assign(
	groups: Component[],
	standing: Standing[],
	apart: (a: number, b: number) => boolean,
	kind: (clue: string) => string
): Decision[] {
	const out: Decision[] = [];
	const campaigns = new Map(
		standing.map((c) => [c.id, { ...c, members: new Map(c.members.map((m) => [m.clue, m.kind])) }])
	);
	const owner = new Map(standing.flatMap((c) => c.members.map((m) => [m.clue, c.id] as const)));

	// What has fallen apart: the largest part stays, the others go; with what ties nothing any more.
	for (const c of [...campaigns.values()].filter((c) => !c.kept)) {
		const parts = groups
			.map((g) => g.clues.filter((clue) => owner.get(clue) === c.id))
			.filter((part) => part.length)
			.sort((a, b) => b.length - a.length || (a[0]! < b[0]! ? -1 : 1));
		const gone = [...c.members.keys()].filter((clue) => !parts[0]?.includes(clue)).sort();
		if (!gone.length) continue;
		out.push({ do: 'take', id: c.id, clues: gone });
		for (const clue of gone) {
			owner.delete(clue);
			c.members.delete(clue);
		}
		if (c.members.size) continue;
		out.push({ do: 'dissolve', id: c.id });
		campaigns.delete(c.id);
	}

	// Campaigns that became one, followed to the one that stands.
	for (const { clues } of groups) {
		const owners = [...new Set(clues.flatMap((clue) => owner.get(clue) ?? []))].sort((a, b) => a - b);
		const live = owners.filter((id) => campaigns.get(id)!.state !== 'dismissed');
		const free = clues.filter((clue) => !owner.has(clue));
		const target = live[0];
		if (target === undefined && owners.length === 0) {
			out.push({ do: 'give', id: null, clues: free });
			continue;
		}
		if (target === undefined) {
			const back = campaigns.get(owners[0]!)!;
			const kinds = [...new Set(free.map(kind))].filter((k) => ![...back.members.values()].includes(k)).sort();
			if (free.length) out.push({ do: 'give', id: back.id, clues: free });
			if (kinds.length) out.push({ do: 'reopen', id: back.id, kinds });
			continue;
		}
		const one = [target];
		for (const id of live.slice(1)) {
			if (one.some((other) => apart(other, id))) continue;
			one.push(id);
			out.push({ do: 'merge', id, into: target });
			const [from, to] = [campaigns.get(id)!, campaigns.get(target)!];
			for (const [clue, k] of from.members) {
				owner.set(clue, target);
				to.members.set(clue, k);
			}
			campaigns.delete(id);
		}
		if (free.length) {
			out.push({ do: 'give', id: target, clues: free });
			for (const clue of free) owner.set(clue, target);
		}
	}
	return out;
}
