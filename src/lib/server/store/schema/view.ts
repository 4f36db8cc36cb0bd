import { boolean, index, pgTable, serial, smallint, text, unique } from 'drizzle-orm/pg-core';
import { code, instant } from './column';

/** Slices of a screen that people have saved: filters, no data. */
export const views = pgTable(
	'views',
	{
		id: serial('id').primaryKey(),
		/** `id` of a viewer, and the name as it was when it was saved */
		owner: code('owner').notNull(),
		by: text('by').notNull(),
		name: text('name').notNull(),
		/** of a screen of ours */
		path: code('path').notNull(),
		/** its query string, without `?` */
		params: text('params').notNull(),
		shared: boolean('shared').notNull(),
		/** rank: the least that others must be cleared for; a name or a text that is looked for may tell something */
		tlp: smallint('tlp').notNull(),
		createdAt: instant('created_at').notNull().defaultNow()
	},
	(t) => [unique('views_once').on(t.owner, t.name), index('views_by_path').on(t.path)]
);
