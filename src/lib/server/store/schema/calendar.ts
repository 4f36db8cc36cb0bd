import { boolean, date, integer, pgTable, serial, text } from 'drizzle-orm/pg-core';
import { code, instant } from './column';

/** The calendar: stretches of days (in Pakistan) that change what is usual. First content stands in the migration, once: what an operator removes stays away. */
export const specials = pgTable('specials', {
	id: serial('id').primaryKey(),
	/** `holiday`, `period` or `risk` */
	kind: code('kind').notNull(),
	name: text('name').notNull(),
	/** first and last day */
	fromDay: date('from_day').notNull(),
	toDay: date('to_day').notNull(),
	/** comes again on the same days of every year */
	yearly: boolean('yearly').notNull().default(false),
	/** `proposed`: by us, nobody has looked at it; `confirmed`: by a person. Both count. */
	status: code('status').notNull().default('confirmed'),
	note: text('note').notNull().default(''),
	by: text('by').notNull(),
	updatedAt: instant('updated_at').notNull().defaultNow(),
	version: integer('version').notNull().default(1)
});
