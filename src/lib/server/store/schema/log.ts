import { bigint, boolean, json, pgTable } from 'drizzle-orm/pg-core';
import { code, instant } from './column';

/** The one ordered log. `seq` comes from `log_head` under its row lock, which is held until the commit: no gap is ever visible. */
export const log = pgTable('log', {
	seq: bigint('seq', { mode: 'number' }).primaryKey(),
	at: instant('at').notNull(),
	/** `cells`, `incident`, `level`, `source`, `reference` */
	kind: code('kind').notNull(),
	payload: json('payload').notNull()
});

export const logHead = pgTable('log_head', {
	one: boolean('one').primaryKey().default(true),
	seq: bigint('seq', { mode: 'number' }).notNull()
});
