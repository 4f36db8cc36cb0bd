import { index, integer, jsonb, pgTable, primaryKey, uuid } from 'drizzle-orm/pg-core';
import { bytea, code, instant } from './column';
import { sources } from './report';

/** Sources that are fetched from, and how far that has come. */

export const fetches = pgTable(
	'fetches',
	{
		sourceId: integer('source_id')
			.primaryKey()
			.references(() => sources.id, { onDelete: 'cascade' }),
		/** `taxii`, `misp`, `csaf`, `http`, `folder` */
		kind: code('kind').notNull(),
		/** where from and as whom; nothing secret, an address without its query */
		settings: jsonb('settings').notNull(),
		/** password or token, and the query of the address: sealed with a key that is not in the database */
		sealed: bytea('sealed'),
		/** where to go on, as the kind has it; written after the commit of what was fetched before it */
		cursor: jsonb('cursor'),
		nextAt: instant('next_at').notNull().defaultNow(),
		/** how often in a row it has failed */
		failures: integer('failures').notNull().default(0),
		lastStarted: instant('last_started'),
		lastSuccess: instant('last_success'),
		/** who is at it, and until when that counts: a process that has died does not hold it for ever */
		lease: uuid('lease'),
		leasedUntil: instant('leased_until')
	},
	(t) => [index('fetches_by_next').on(t.nextAt)]
);

/** What a source that lists its parts (events, advisories, files) has delivered of them: `stamp` says in which state. */
export const fetched = pgTable(
	'fetched',
	{
		sourceId: integer('source_id')
			.notNull()
			.references(() => fetches.sourceId, { onDelete: 'cascade' }),
		item: code('item').notNull(),
		stamp: code('stamp').notNull(),
		at: instant('at').notNull().defaultNow()
	},
	(t) => [primaryKey({ columns: [t.sourceId, t.item] })]
);
