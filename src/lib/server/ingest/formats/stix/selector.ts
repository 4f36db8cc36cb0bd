import type { Wrong } from './property';
import { isObject, own, type Json } from './value';

/** Whether every selector of the granular markings leads to something in the object. */
export function selects(object: Json): Wrong | undefined {
	const markings = own(object, 'granular_markings');
	if (!Array.isArray(markings)) return undefined;
	for (const [i, marking] of markings.entries()) {
		const selectors = isObject(marking) ? own(marking, 'selectors') : undefined;
		for (const selector of Array.isArray(selectors) ? selectors : [])
			if (typeof selector === 'string' && !leads(object, selector))
				return {
					path: `granular_markings[${i}].selectors`,
					reason: `The selector "${selector.slice(0, 120)}" leads to nothing in the object.`
				};
	}
	return undefined;
}

function leads(object: Json, selector: string): boolean {
	let at: unknown = object;
	for (const step of selector.split('.')) {
		const index = /^\[(\d+)\]$/.exec(step)?.[1];
		if (index !== undefined) at = Array.isArray(at) ? at[Number(index)] : undefined;
		else at = isObject(at) ? own(at, step) : undefined;
		if (at === undefined) return false;
	}
	return true;
}
