import { mapped, v4, v6 } from '$lib/core/address';
import type { Viewer } from '$lib/core/viewer';
import type { Tx } from '../client';
import type { Kind } from './asset';
import { ordered } from './assets';
import { visible } from './row';

/**
 * One asset inside another of a different organisation, or the same one twice (`same`). Inside is well: the longest
 * prefix, the longest suffix wins. The same is a conflict that people have to settle; until then `outer`, who had it
 * first, has it.
 */
export type Overlap = {
	kind: Kind;
	same: boolean;
	outer: { organisation: string; value: string };
	inner: { organisation: string; value: string };
};
export type Report = { conflicts: number; nested: number; list: Overlap[] };

/** Overlaps that are named at the most, conflicts first; all are counted. */
export const MOST = 1000;

type Held = { value: string; constituent: number };
type Prefix = Held & { words: Uint32Array; bits: number; long: boolean };
type Pair = { kind: Kind; same: boolean; outer: Held; inner: Held };

/**
 * Overlaps of the assets of these constituents with those of others, in one pass over all assets. All are counted; those
 * with an organisation that the viewer may not see are not named.
 */
export async function find(tx: Tx, viewer: Viewer, concerned: ReadonlySet<number>): Promise<Report> {
	const pairs = { conflicts: [] as Pair[], nested: [] as Pair[] };
	const report: Report = { conflicts: 0, nested: 0, list: [] };
	const say = (kind: Kind, same: boolean, outer: Held | undefined, inner: Held) => {
		if (
			!outer ||
			outer.constituent === inner.constituent ||
			!(concerned.has(outer.constituent) || concerned.has(inner.constituent))
		)
			return;
		const which = same ? 'conflicts' : 'nested';
		report[which]++;
		if (pairs[which].length < MOST) pairs[which].push({ kind, same, outer, inner });
	};
	const domains = new Map<string, Held>();
	let asn: Held | undefined;
	const open: Prefix[] = [];
	for await (const rows of ordered(tx))
		for (const row of rows) {
			if (row.kind === 'domain') {
				const first = domains.get(row.value);
				if (first) say('domain', true, first, row);
				else domains.set(row.value, row);
			} else if (row.kind === 'asn') {
				if (asn?.value === row.value) say('asn', true, asn, row);
				else asn = row;
			} else network(open, row, say);
		}
	for (const held of domains.values()) {
		for (let from = held.value.indexOf('.'); from >= 0; from = held.value.indexOf('.', from + 1)) {
			const over = domains.get(held.value.slice(from + 1));
			if (!over || over.constituent === held.constituent) continue;
			say('domain', false, over, held);
			break;
		}
	}
	const list = [...pairs.conflicts, ...pairs.nested].slice(0, MOST);
	const ids = [...new Set(list.flatMap((p) => [p.outer.constituent, p.inner.constituent]))];
	const names = new Map(
		(
			await tx<
				{ id: number; organisation: string }[]
			>`select c.id, c.organisation from constituents c where c.id = any(${ids}) and ${visible(tx, viewer)}`
		).map((c) => [c.id, c.organisation])
	);
	const end = (h: Held) => ({ organisation: names.get(h.constituent) ?? '', value: h.value });
	const named = list.filter((p) => names.has(p.outer.constituent) && names.has(p.inner.constituent));
	report.list = named.map(({ kind, same, outer, inner }) => ({ kind, same, outer: end(outer), inner: end(inner) }));
	return report;
}

/** Takes the next network in order; `open` are those that it may lie inside of, the widest first. */
function network(
	open: Prefix[],
	row: Held,
	say: (kind: Kind, same: boolean, outer: Held | undefined, inner: Held) => void
): void {
	const slash = row.value.indexOf('/');
	const words = new Uint32Array(4);
	const short = v4(row.value, 0, slash);
	if (short >= 0) words[0] = short;
	else v6(row.value.slice(0, slash), words);
	const prefix: Prefix = {
		...row,
		words,
		bits: Number(row.value.slice(slash + 1)),
		long: short < 0 && mapped(words) < 0
	};
	while (open.length && !covers(open.at(-1)!, prefix)) open.pop();
	const top = open.at(-1);
	if (top && top.bits === prefix.bits) return say('cidr', true, top, prefix);
	say(
		'cidr',
		false,
		open.findLast((o) => o.constituent !== row.constituent),
		prefix
	);
	open.push(prefix);
}

function covers(outer: Prefix, inner: Prefix): boolean {
	if (outer.long !== inner.long || outer.bits > inner.bits) return false;
	for (let w = 0, left = outer.bits; left > 0; w++, left -= 32) {
		const off = left >= 32 ? 0 : 32 - left;
		if (outer.words[w]! >>> off !== inner.words[w]! >>> off) return false;
	}
	return true;
}
