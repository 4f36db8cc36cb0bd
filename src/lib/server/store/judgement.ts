import type { Row } from '$lib/core/judgement';
import type { Sql, Tx } from './client';

export const CHANNEL = 'watchfloor_judgement';
/** */
export const latest = async (_sql: Sql | Tx): Promise<{ at: number; rows: Map<number, Row[]> }> => ({ at: 0, rows: new Map() });
