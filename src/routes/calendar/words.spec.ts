import { expect, it } from 'vitest';
import { days } from './words';

it('days are written as short as they can be', () => {
	expect(days('2026-08-14', '2026-08-14')).toBe('Fri 14 Aug');
	expect(days('2026-03-20', '2026-03-22')).toBe('20 – 22 Mar');
	expect(days('2026-02-18', '2026-03-19')).toBe('18 Feb – 19 Mar');
	expect(days('2026-12-31', '2027-12-01')).toBe('31 Dec – 1 Dec');
});
