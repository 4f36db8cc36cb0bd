import { z } from 'zod';
import type { Kind } from '$lib/core/alarm';
import { PARAMS } from '$lib/core/alarm/params';

/** A threshold of a rule as a form has it: `many` are boxes to be ticked, `lines` a text of one each. */
export type Field = { name: string; title: string; about: string } & (
	| { type: 'number'; min: number; max: number; whole: boolean }
	| { type: 'one' | 'many'; options: string[] }
	| { type: 'lines' }
);

/** The thresholds of a kind, from the schema that checks them. */
export function of(kind: Kind): Field[] {
	return Object.entries(PARAMS[kind].shape as Record<string, z.ZodType>).map(([name, schema]): Field => {
		const { title = name, description = '' } = schema.meta() ?? {};
		const common = { name, title, about: description };
		if (schema instanceof z.ZodEnum) return { ...common, type: 'one', options: schema.options as string[] };
		if (schema instanceof z.ZodArray)
			return schema.element instanceof z.ZodEnum
				? { ...common, type: 'many', options: schema.element.options as string[] }
				: { ...common, type: 'lines' };
		const { minValue, maxValue, isInt } = schema as unknown as { minValue: number; maxValue: number; isInt: boolean };
		return { ...common, type: 'number', min: minValue, max: maxValue, whole: isInt };
	});
}

/** What a form says of the thresholds of a kind; the store checks it. */
export function read(kind: Kind, form: FormData): Record<string, unknown> {
	return Object.fromEntries(
		of(kind).map((field) => {
			const all = form.getAll(`params.${field.name}`).filter((v): v is string => typeof v === 'string');
			const first = (all[0] ?? '').trim();
			// An empty field is no nought.
			if (field.type === 'number') return [field.name, first === '' ? null : Number(first.replace(',', '.'))];
			if (field.type === 'many') return [field.name, all];
			if (field.type === 'lines')
				return [
					field.name,
					first
						.split('\n')
						.map((l) => l.trim())
						.filter(Boolean)
				];
			return [field.name, first];
		})
	);
}
