import { expect, test } from 'vitest';
import { DAY, HOUR } from '$lib/core/clock';
import { around } from './around';

const opened = 100 * DAY + 1800;
const open = { opened, closed: null, sector: 'telecom', province: null };

test('a case that is open reaches from hours before it to now', () => {
	expect(around(open, opened + HOUR)).toEqual({
		from: 100 * DAY - 6 * HOUR,
		to: 100 * DAY + 2 * HOUR,
		sector: 'telecom'
	});
});

test('a closed one ends when it was closed, and no case reaches over more than a week', () => {
	expect(around({ ...open, closed: opened + 2 * HOUR }, opened + 30 * DAY).to).toBe(100 * DAY + 3 * HOUR);
	expect(around({ ...open, province: 'PK-SD' }, opened + 30 * DAY)).toMatchObject({
		to: 107 * DAY + HOUR,
		province: 'PK-SD'
	});
});
