import {
	bigint,
	customType,
	date,
	index,
	integer,
	pgTable,
	primaryKey,
	serial,
	smallint,
	text
} from 'drizzle-orm/pg-core';
import { code, instant } from './column';

/** Abuse from networks of ours against others: counted by day, and what was told and answered about it. */

/** What an outbound observation of a malicious type is counted by: its network and its facet. */
const network = {
	/** `AS17557`, `203.0.113.0/24`, `2001:db8::/48`, `constituent:7`, or `unknown` */
	network: code('network').notNull(),
	facetId: integer('facet_id').notNull()
};
const span = { firstAt: instant('first_at').notNull(), lastAt: instant('last_at').notNull() };
const datemultirange = customType<{ data: string }>({ dataType: () => 'datemultirange' });
const n = bigint('n', { mode: 'number' }).notNull();

/** By day (in Pakistan); made from the observations, and kept when those are dropped. */
export const outboundDays = pgTable('outbound_days', { day: date('day').notNull(), ...network, n, ...span }, (t) => [
	primaryKey({ columns: [t.day, t.network, t.facetId] }),
	index('outbound_days_by_pair').on(t.network, t.facetId, t.day)
]);

/** Over all days: the sum of `outbound_days`, and which days they are. */
export const outboundPairs = pgTable(
	'outbound_pairs',
	{ ...network, n, ...span, days: datemultirange('days').notNull().default('{}') },
	(t) => [primaryKey({ columns: [t.network, t.facetId] })]
);

/** Which sources saw it, and from when to when. */
export const outboundSeen = pgTable(
	'outbound_seen',
	{ ...network, sourceId: integer('source_id').notNull(), ...span },
	(t) => [primaryKey({ columns: [t.network, t.facetId, t.sourceId] })]
);

/** Days whose counts are to be made anew. */
export const outboundStale = pgTable('outbound_stale', { day: date('day').primaryKey() });

/** Days on which a source delivered: only then says its silence on a network anything. */
export const outboundWatch = pgTable(
	'outbound_watch',
	{ sourceId: integer('source_id').notNull(), day: date('day').notNull() },
	(t) => [primaryKey({ columns: [t.sourceId, t.day] })]
);

/**
 * What was told, asked and answered between us and others, by kind: `abuse` (we told a network), `foreign` (a CERT
 * abroad reported to us), `request-in` and `request-out` (assistance), `vulnerability` (somebody reported one to us).
 */
export const notices = pgTable(
	'notices',
	{
		id: serial('id').primaryKey(),
		kind: code('kind').notNull(),
		/** what it is about, if it is known; a type of null: all of the network */
		network: code('network'),
		type: code('type'),
		/** whom we told or asked, or who told or asked us */
		party: text('party').notNull(),
		reference: text('reference').notNull(),
		note: text('note').notNull(),
		tlp: smallint('tlp').notNull(),
		/** when it was sent or received; what happened to it after that; null: not yet, or nobody has recorded it */
		at: instant('at').notNull(),
		acknowledgedAt: instant('acknowledged_at'),
		triagedAt: instant('triaged_at'),
		/** remedied, actioned, fixed, or closed, by kind */
		closedAt: instant('closed_at'),
		rejectedAt: instant('rejected_at'),
		by: text('by').notNull(),
		/** who said last what became of it */
		changedBy: text('changed_by'),
		createdAt: instant('created_at').notNull().defaultNow(),
		updatedAt: instant('updated_at').notNull().defaultNow(),
		version: integer('version').notNull().default(1)
	},
	(t) => [index('notices_by_network').on(t.network), index('notices_by_kind').on(t.kind, t.at)]
);
