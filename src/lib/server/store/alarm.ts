import type { Raised } from '$lib/core/alarm';
import type { Sql, Tx } from './client';

/** All alarms that are not cleared. */
export const open = async (_tx: Sql | Tx): Promise<Raised[]> => [];
