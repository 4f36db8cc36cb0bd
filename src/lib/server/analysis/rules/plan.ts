import { PRIORITIES, type Priority, type Saying } from '$lib/core/alarm';
import type { Rule } from '$lib/core/alarm/rules';
import { MINUTE } from '$lib/core/clock';
import { ofRank, rank } from '$lib/core/tlp';
import type { Change, Condition, Fields } from '../../store/alarm/watch';
import type { Held } from '../../store/alarm/row';

/** Seconds between two tellings of an alarm whose numbers alone have changed. */
const TOLD = 300;

/**
 * What becomes of the alarms of a rule, given what holds at `now` (epoch seconds).
 *
 *   nothing ── holds ──► raised
 *   unacknowledged, acknowledged ── holds, and is more urgent or has more to it ──► unacknowledged, rings again
 *   unacknowledged, acknowledged ── has not been seen for `hold` minutes ──► returned, or cleared when somebody has seen it
 *   returned ── holds ──► unacknowledged, rings again
 *   cleared by a person ── holds ──► nothing, unless it is more than it was: then raised anew
 *   cleared by a person ── has not been seen for `hold` minutes ──► forgotten: next time it is raised
 *
 * Everything that it goes by stands in the alarms, so a restart raises nothing twice.
 */
export function plan(rule: Rule, held: readonly Held[], conditions: readonly Condition[], now: number): Change[] {
	const before = new Map(held.map((h) => [h.key, h]));
	const seen = new Set<string>();
	// The detection of surges has its own hysteresis, in σ.
	const hold = rule.kind === 'surge' ? 0 : rule.params.hold * MINUTE;
	const out: Change[] = [];
	for (const condition of conditions) {
		if (seen.has(condition.key)) continue;
		seen.add(condition.key);
		const fields = of(rule, condition);
		const was = before.get(condition.key);
		if (!was) out.push({ do: 'raise', fields, note: { what: 'raised', tlp: fields.tlp } });
		else out.push(...holds(was, fields, now));
	}
	for (const was of held) {
		if (seen.has(was.key) || was.returned !== null) continue;
		const absent = was.absent ?? now;
		if (now - absent >= hold) out.push({ do: 'end', of: was, note: { what: 'ended', tlp: rank(was.tlp) } });
		else if (was.absent === null) out.push({ do: 'absent', of: was, absent: now });
	}
	return out;
}

function holds(was: Held, found: Fields, now: number): Change[] {
	// What has gone and comes back is no more than it was.
	const fields = { ...found, parts: union(was.parts, found.parts) };
	const changed = fields.said.find(
		(s) =>
			!same(
				s,
				was.said.find((w) => w.rank === s.rank)
			)
	)?.rank;
	const who = changed ?? fields.tlp;
	const urgent = above(fields.priority, was.priority);
	const more = found.parts?.filter((p) => !was.parts.includes(p)) ?? [];
	const grown = more.length > 0;
	const present: Change[] = was.absent === null ? [] : [{ do: 'absent', of: was, absent: null }];
	if (was.standing === 'cleared') {
		if (!urgent && !grown) return present;
		return [
			{ do: 'end', of: was, note: { what: 'ended', tlp: rank(was.tlp) } },
			{ do: 'raise', fields: found, note: { what: 'raised', tlp: found.tlp } }
		];
	}
	// The condition came back before anybody had seen that it was there.
	if (was.returned !== null)
		return [{ do: 'tell', of: was, fields, standing: 'unacknowledged', note: { what: 'again', tlp: who } }];
	if (urgent)
		return [
			{
				do: 'tell',
				of: was,
				fields,
				standing: 'unacknowledged',
				note: { what: 'escalated', tlp: raisedAt(was.said, fields.said) }
			}
		];
	if (grown)
		return [
			{ do: 'tell', of: was, fields, standing: 'unacknowledged', note: { what: 'grown', tlp: nearest(more, found) } }
		];
	const moved =
		ofRank(fields.tlp) !== was.tlp ||
		fields.sector !== was.sector ||
		fields.province !== was.province ||
		fields.said.length !== was.said.length;
	if (moved || (changed !== undefined && now - was.updated >= TOLD))
		return [{ do: 'tell', of: was, fields, standing: was.standing }];
	return present;
}

function of(rule: Rule, condition: Condition): Fields {
	const said = [...condition.said].sort((a, b) => a.rank - b.rank);
	return {
		...condition,
		said,
		kind: rule.kind,
		rule: rule.slug,
		response: rule.response,
		priority: most(said),
		tlp: said[0]!.rank
	};
}

const above = (a: Priority, b: Priority): boolean => PRIORITIES.indexOf(a) < PRIORITIES.indexOf(b);
/** The most urgent that is said to anybody. */
const most = (said: readonly Saying[]): Priority => said.map((s) => s.priority).reduce((a, b) => (above(b, a) ? b : a));
/** The lowest clearance to which it is said that it is more urgent than before. */
const raisedAt = (before: readonly Saying[], after: readonly Saying[]): number =>
	(
		after.find((s) => {
			const was = before.findLast((w) => w.rank <= s.rank);
			return !was || above(s.priority, was.priority);
		}) ?? after.at(-1)!
	).rank;
/** The lowest clearance that may know of any of these parts. */
const nearest = (parts: readonly string[], { known, tlp }: Fields): number =>
	Math.min(...parts.map((p) => Math.max(tlp, known?.get(p) ?? tlp)));
const same = (a: Saying, b: Saying | undefined): boolean => b !== undefined && stable(a) === stable(b);
/** The database keeps the keys of an object in an order of its own. */
const stable = (s: Saying): string =>
	JSON.stringify([
		s.priority,
		s.title,
		s.why,
		s.constituents,
		Object.entries(s.facts).sort(([a], [b]) => (a < b ? -1 : 1))
	]);
const union = (a: readonly string[], b: readonly string[] = []): string[] => [...new Set([...a, ...b])];
