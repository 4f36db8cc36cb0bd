import { integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { code, instant } from './column';

/** Wall screens: how each is set, and what it last said of itself. */
export const screens = pgTable('screens', {
	name: code('name').primaryKey(),
	/** as in `core/screen`; what is not there is as usual */
	settings: jsonb('settings').notNull(),
	version: integer('version').notNull().default(1),
	/** when it last said that it is there */
	seenAt: instant('seen_at').notNull().defaultNow(),
	/** its size in CSS pixels */
	width: integer('width').notNull(),
	height: integer('height').notNull(),
	/** what it shows, in words */
	shows: text('shows').notNull(),
	updatedAt: instant('updated_at').notNull().defaultNow(),
	/** null: as it came */
	updatedBy: text('updated_by')
});
