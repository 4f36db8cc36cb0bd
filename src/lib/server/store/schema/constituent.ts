import { index, integer, pgTable, serial, text, unique } from 'drizzle-orm/pg-core';
import { code, instant } from './column';

/** The organisations that the CERT protects, and what is theirs. Every change is told on `watchfloor_constituents`. */

export const constituents = pgTable('constituents', {
	id: serial('id').primaryKey(),
	organisation: text('organisation').notNull().unique(),
	/** null: reports about it are not attributed to a sector, or not located in a province, by it */
	sector: code('sector'),
	province: code('province'),
	team: code('team'),
	version: integer('version').notNull().default(1),
	createdAt: instant('created_at').notNull().defaultNow(),
	updatedAt: instant('updated_at').notNull().defaultNow()
});

export const assets = pgTable(
	'assets',
	{
		id: serial('id').primaryKey(),
		constituentId: integer('constituent_id')
			.notNull()
			.references(() => constituents.id, { onDelete: 'cascade' }),
		/** `cidr`, `asn` or `domain` */
		kind: code('kind').notNull(),
		/** in the one spelling of `core/asset`: `203.0.113.0/24`, `AS17557`, `example.pk` */
		value: code('value').notNull()
	},
	(t) => [unique('assets_once').on(t.constituentId, t.kind, t.value), index('assets_by_value').on(t.kind, t.value)]
);
