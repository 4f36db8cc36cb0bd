import { expect, test } from 'vitest';
import { KINDS } from '../alarm';
import { PARAMS } from './params';
import { RULES } from './rules';

test('every rule as it comes is one that its kind allows, and each kind has one', () => {
	for (const rule of RULES) {
		expect(PARAMS[rule.kind].parse(rule.params)).toEqual(rule.params);
		expect(rule.response.length).toBeGreaterThan(40);
	}
	expect([...new Set(RULES.map((r) => r.kind))].sort()).toEqual([...KINDS].sort());
	expect(new Set(RULES.map((r) => r.slug)).size).toBe(RULES.length);
});

test('every threshold has a name and says what it is, for the page of the rules', () => {
	for (const schema of Object.values(PARAMS))
		for (const field of Object.values(schema.shape))
			expect(field.meta()).toMatchObject({ title: expect.any(String), description: expect.any(String) });
});
