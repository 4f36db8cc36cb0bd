import { expect, it } from 'vitest';
import { between } from './direction';

it.each([
	[true, true, 'internal'],
	[true, false, 'outbound'],
	[true, undefined, 'outbound'],
	[false, true, 'inbound'],
	[undefined, true, 'inbound'],
	[false, false, 'unknown'],
	[undefined, undefined, 'unknown']
] as const)('source ours: %s, destination ours: %s is %s', (source, destination, direction) =>
	expect(between(source, destination)).toBe(direction)
);
