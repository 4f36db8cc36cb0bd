import { rings, type Alarm } from '$lib/core/alarm';
import type { Incident } from '$lib/core/incident';
import { find, type Judged } from '$lib/core/judgement';
import type { Province } from '$lib/core/province';
import { ABNORMAL, id, type Odd, type Scene } from '$lib/core/scene';
import type { Sector } from '$lib/core/sector';
import { plural } from '$lib/ui/base/number';
import { figure } from '$lib/ui/chart/deviation';

type Picture = {
	alarms: readonly Alarm[];
	incidents: readonly Incident[];
	usual: ReadonlyMap<string, Judged>;
	now: number;
};
type Names = { sectors: readonly Sector[]; provinces: readonly Province[] };

/** What a person said must be seen (a severe case, a ringing alarm) comes before what only counts say. */
const SAID = 1000;
/** From here on a count is not as usual (σ). */
const UNUSUAL = 3;

/** The scenes that must be seen, each once, with its gravest reason. */
export function odd(picture: Picture, { sectors, provinces }: Names): Odd[] {
	const out = new Map<string, Odd>();
	const add = (scene: Scene, weight: number, why: string) => {
		const before = out.get(id(scene));
		if (!before || before.weight < weight) out.set(id(scene), { ...scene, weight, why });
	};
	const areas = [
		...sectors.map((s) => ({ kind: 'sector' as const, key: s.slug, name: s.short })),
		...provinces.map((p) => ({ kind: 'province' as const, key: p.code, name: p.short }))
	];
	for (const { kind, key, name } of areas) {
		const sigma = find(picture.usual, 'now', { [kind]: key })?.[9] ?? null;
		if (sigma !== null && Math.abs(sigma) >= ABNORMAL)
			add(
				{ kind, key },
				Math.abs(sigma),
				`${name} is ${figure(Math.abs(sigma)).replace('+', '')}σ ${sigma > 0 ? 'above' : 'below'} its usual`
			);
		const severe = picture.incidents.find((i) => i.severity === 'severe' && i[kind] === key);
		if (severe) add({ kind, key }, SAID, `${severe.id} is severe`);
		const alarm = picture.alarms.find((a) => a.priority === 'high' && a[kind] === key && rings(a, picture.now));
		if (alarm) add({ kind, key }, SAID + 1, `an alarm rings: ${alarm.title}`);
	}
	return [...out.values()];
}

/** Sectors, or provinces, by how far they are from their usual, the furthest first; the others keep their order. */
export const furthest = (usual: Picture['usual'], kind: 'sector' | 'province', keys: readonly string[]): string[] => {
	const far = (key: string) => {
		const sigma = Math.abs(find(usual, 'now', { [kind]: key })?.[9] ?? 0);
		return sigma >= ABNORMAL ? sigma : 0;
	};
	return [...keys].sort((a, b) => far(b) - far(a));
};

/** In one line: whether all is as usual, and if not, what is not. */
export function sum(picture: Picture & { blank: boolean }, { sectors, provinces }: Names): string {
	if (picture.blank) return 'no source has delivered yet';
	if (find(picture.usual, 'now', {})?.[10] !== 'judged') return 'still learning what is usual';
	const far = (kind: 'sector' | 'province', keys: string[]) =>
		keys.filter((key) => Math.abs(find(picture.usual, 'now', { [kind]: key })?.[9] ?? 0) >= UNUSUAL).length;
	const off = [
		[
			far(
				'sector',
				sectors.map((s) => s.slug)
			),
			'sector'
		] as const,
		[
			far(
				'province',
				provinces.map((p) => p.code)
			),
			'province'
		] as const
	].filter(([n]) => n > 0);
	if (off.length) return `not as usual: ${off.map(([n, what]) => plural(n, what)).join(', ')}`;
	const ringing = picture.alarms.filter((a) => rings(a, picture.now)).length;
	return ringing ? `counts as usual, ${plural(ringing, 'alarm')} ${ringing === 1 ? 'rings' : 'ring'}` : 'as usual';
}
