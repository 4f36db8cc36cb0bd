import type { Kind } from '$lib/core/alarm';
import type { Kept } from '$lib/core/alarm/rules';
import type { Held } from '../../store/alarm/row';
import type { Condition } from '../../store/alarm/watch';
import type { Context } from '../step';
import type { Words } from './words';

/** What a rule goes by: the moment, itself, the other rules, and its alarms as they stand. */
export type Look<K extends Kind> = {
	context: Context;
	rule: Kept<K>;
	rules: readonly Kept[];
	held: readonly Held[];
	words: Words;
};

/** What holds now, of a rule of a kind. */
export type Find<K extends Kind> = (look: Look<K>) => Promise<Condition[]> | Condition[];
