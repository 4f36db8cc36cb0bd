import { expect, test } from 'vitest';
import { PARAMS } from '$lib/core/alarm/params';
import { RULES } from '$lib/core/alarm/rules';
import * as fields from './fields';

test('a form that shows a rule and is sent as it is says what the rule says', () => {
	for (const rule of RULES) {
		const form = new FormData();
		for (const [name, value] of Object.entries(rule.params)) {
			const field = fields.of(rule.kind).find((f) => f.name === name)!;
			if (field.type === 'many') for (const v of value as string[]) form.append(`params.${name}`, v);
			else form.append(`params.${name}`, Array.isArray(value) ? value.join('\n') : String(value));
		}
		expect(PARAMS[rule.kind].parse(fields.read(rule.kind, form))).toEqual(rule.params);
	}
});

test('numbers have their bounds, and an empty one is not taken for nought', () => {
	const [sigma] = fields.of('surge');
	expect(sigma).toMatchObject({ name: 'sigma', type: 'number', min: 2, max: 50, whole: false, title: 'Deviation' });
	expect(fields.of('surge').find((f) => f.name === 'count')).toMatchObject({ whole: true, min: 1 });
	expect(PARAMS.silence.safeParse(fields.read('silence', new FormData())).success).toBe(false);
});
