import { TYPES, type Member } from '$lib/core/campaign';
import { rank } from '$lib/core/tlp';
import type { Viewer } from '$lib/core/viewer';
import type { Sql } from '../client';
import * as scope from '../scope';

/**
 * Of the values of each campaign those that belong together as far as the viewer can know: by reports that carry several
 * of them, by claims of one report or event, or because a person put them there. What only others see to be one falls
 * apart, and the part that was seen in the most places stands: that two values are one's is a secret of whoever knows it.
 */
export async function tied(
	sql: Sql,
	viewer: Viewer,
	all: ReadonlyMap<number, Member[]>
): Promise<Map<number, Member[]>> {
	const several = [...all].filter(([, list]) => list.length > 1);
	if (!several.length || (viewer.clearance === 'red' && !viewer.sectors && !viewer.provinces)) return new Map(all);
	const flat = several.flatMap(([campaign, list]) => list.map((m) => ({ campaign, ...m })));
	const [carried, claimed] = await Promise.all([
		sql<{ campaign: number; clues: string[]; own: boolean }[]>`
			with g as (
				select campaign, array_agg(clue) as every from unnest(${flat.map((m) => m.campaign)}::int[], ${flat.map((m) => m.id)}::uuid[]) as m (campaign, clue) group by 1
			)
			select distinct g.campaign, t.clues, f.type = any(${[...TYPES]}) as own
			from g cross join lateral (select * from traces t where t.clues && g.every and cardinality(t.clues) > 1) t join facets f on f.id = t.facet_id and ${scope.facets(sql, viewer)}`,
		sql<{ ids: string[] }[]>`
			select array_agg(distinct c.indicator_id) as ids from claims c join objects o on o.id = c.object_id
			where c.indicator_id = any(${flat.map((m) => m.id)}::uuid[]) and c.tlp <= ${rank(viewer.clearance)} and c.actionable and not c.revoked and o.group_key is not null
			group by c.source_id, o.group_key having count(distinct c.indicator_id) > 1`
	]);
	const out = new Map(all);
	for (const [campaign, list] of several) {
		const groups = new Groups(list);
		for (const { clues, own } of carried.filter((c) => c.campaign === campaign))
			groups.join(clues.filter((id) => own || groups.members.get(id)?.indicator));
		for (const { ids } of claimed) groups.join(ids);
		groups.join(list.filter((m) => m.by !== null).map((m) => m.id));
		out.set(campaign, groups.best());
	}
	return out;
}

class Groups {
	readonly members: ReadonlyMap<string, Member>;
	readonly #group: Map<string, Set<string>>;

	constructor(readonly list: Member[]) {
		this.members = new Map(list.map((m) => [m.id, m]));
		this.#group = new Map(list.map((m) => [m.id, new Set([m.id])]));
	}

	/** These are one; those that are no members are passed over. */
	join(ids: readonly string[]): void {
		const [first, ...rest] = ids.flatMap((id) => this.#group.get(id) ?? []);
		for (const other of new Set(rest)) {
			if (!first || other === first) continue;
			for (const id of other) this.#group.set(id, first.add(id));
		}
	}

	/** The group that was seen in the most places, with what a person put beside it; of equals the most seen. */
	best(): Member[] {
		const weight = (group: Set<string>) => {
			const mine = [...group].map((id) => this.members.get(id)!);
			return [
				Math.max(...mine.map((m) => Math.max(m.sectors, m.constituents))),
				mine.reduce((sum, m) => sum + m.count, 0)
			] as const;
		};
		const [first] = [...new Set(this.#group.values())]
			.map((group) => ({ group, weight: weight(group) }))
			.sort((a, b) => b.weight[0] - a.weight[0] || b.weight[1] - a.weight[1]);
		return this.list.filter((m) => first!.group.has(m.id) || m.by !== null);
	}
}
