import type { Kind } from '$lib/core/alarm';
import type { Kept } from '$lib/core/alarm/rules';
import * as watch from '../store/alarm/watch';
import * as rules from '../store/rule';
import { cert } from './rules/cert';
import { exposure } from './rules/exposure';
import { incident } from './rules/incident';
import { indicator } from './rules/indicator';
import type { Find } from './rules/look';
import { plan } from './rules/plan';
import { silence } from './rules/silence';
import { surge } from './rules/surge';
import { Words } from './rules/words';
import type { Context, Step } from './step';

const FINDS: { [K in Kind]: Find<K> } = { surge, silence, indicator, incident, exposure, cert };

/** A rule that took a while rests this many times as long: whatever comes in, rules take at most a twentieth of the time. */
const REST = 19;

/**
 * Raises, tells and ends alarms: each minute every rule says what holds, and `plan` what that means for its alarms. A
 * rule that fails leaves its alarms as they are, and the others theirs.
 */
export class Alarms implements Step {
	readonly name = 'alarms';
	/** until when a rule rests, `performance.now()` */
	readonly #rest = new Map<string, number>();

	async run(context: Context): Promise<void> {
		const { client, log, now } = context;
		const { rules: all, broken } = await rules.all(client.sql);
		for (const { slug, why } of broken) log.error({ rule: slug, why }, 'a rule of alarms cannot be read');
		await watch.keep(
			client.sql,
			(await watch.shelved(client.sql, now)).map((of) => ({ do: 'unshelve', of })),
			now
		);
		for (const rule of all) {
			const start = performance.now();
			if ((this.#rest.get(rule.slug) ?? 0) > start) continue;
			try {
				await this.#look(context, rule, all);
			} catch (e) {
				log.error({ err: e, rule: rule.slug }, 'a rule of alarms failed; its alarms stay as they are');
			}
			const end = performance.now();
			this.#rest.set(rule.slug, end + REST * (end - start));
		}
	}

	async #look(context: Context, rule: Kept, rules: Kept[]): Promise<void> {
		const { client, now } = context;
		const held = await watch.of(client.sql, rule.slug);
		const find = FINDS[rule.kind] as Find<Kind>;
		const words = new Words(context.reference);
		const found = rule.enabled ? await find({ context, rule, rules, held, words }) : [];
		await watch.keep(client.sql, plan(rule, held, found, now), now);
	}
}
