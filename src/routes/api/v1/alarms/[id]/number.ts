import { missing } from '$lib/core/error';

/** The number of an alarm in an address. @throws Problem 404 */
export function number(id: string | undefined): number {
	if (!/^\d{1,9}$/.test(id ?? '')) throw missing('The alarm');
	return Number(id);
}
