import {
	bigint,
	bigserial,
	integer,
	index,
	pgTable,
	primaryKey,
	serial,
	smallint,
	text,
	unique,
	uuid,
	inet
} from 'drizzle-orm/pg-core';
import { bytea, code, instant } from './column';

/** Where reports come from, what they became, and how often. */

export const sources = pgTable('sources', {
	id: serial('id').primaryKey(),
	slug: code('slug').notNull().unique(),
	name: text('name').notNull(),
	format: code('format').notNull(),
	/** rank of the TLP that a report without one has */
	tlp: smallint('tlp').notNull(),
	/** seconds */
	cadence: integer('cadence').notNull(),
	createdAt: instant('created_at').notNull().defaultNow(),
	/** when it last delivered, and what came of all its deliveries */
	lastAt: instant('last_at'),
	lastError: text('last_error'),
	lastErrorAt: instant('last_error_at'),
	accepted: bigint('accepted', { mode: 'number' }).notNull().default(0),
	duplicates: bigint('duplicates', { mode: 'number' }).notNull().default(0),
	quarantined: bigint('quarantined', { mode: 'number' }).notNull().default(0),
	ignored: bigint('ignored', { mode: 'number' }).notNull().default(0)
});

/** One delivery: a request, a file. Its rows may have been committed in several transactions. */
export const batches = pgTable(
	'batches',
	{
		id: bigint('id', { mode: 'number' }).primaryKey(),
		sourceId: integer('source_id').notNull(),
		receivedAt: instant('received_at').notNull().defaultNow(),
		/** name of the file that it was, if it was one that said so */
		filename: text('filename'),
		accepted: integer('accepted').notNull(),
		duplicates: integer('duplicates').notNull(),
		quarantined: integer('quarantined').notNull(),
		ignored: integer('ignored').notNull()
	},
	(t) => [index('batches_by_source').on(t.sourceId, t.receivedAt)]
);

/**
 * Partitioned by month of `observed_at` (see the migration). `id` is the fingerprint, which covers the source and the
 * observed time: so the primary key is also what keeps a report from being counted twice, and what pages are read by.
 */
export const observations = pgTable(
	'observations',
	{
		observedAt: instant('observed_at').notNull(),
		id: uuid('id').notNull(),
		facetId: integer('facet_id').notNull(),
		sourceId: integer('source_id').notNull(),
		batchId: bigint('batch_id', { mode: 'number' }).notNull(),
		/** which rule placed it: `stated`, `prefix`, `domain`, `asn`, `geo`, several of them as in `stated+prefix`, or `none` */
		rule: code('rule').notNull(),
		sourceIp: inet('source_ip'),
		sourcePort: integer('source_port'),
		sourceAsn: bigint('source_asn', { mode: 'number' }),
		destinationIp: inet('destination_ip'),
		destinationPort: integer('destination_port'),
		fqdn: text('fqdn'),
		url: text('url'),
		malware: text('malware'),
		summary: text('summary'),
		/** the record as it came, JSON text */
		raw: text('raw').notNull(),
		/** whose asset one of its ends is; no foreign key, because a constituent may go and what was observed stays */
		constituentId: integer('constituent_id'),
		/** values that it carries and that can be looked for, in their one form (`core/observable`), apart from those that stand in a column in that form */
		carried: text('carried').array()
	},
	(t) => [
		primaryKey({ columns: [t.observedAt, t.id] }),
		// what is rare is found without reading what is common
		index('observations_by_facet').on(t.facetId, t.observedAt, t.id)
	]
);

const cells = (name: string) =>
	pgTable(
		name,
		{
			at: instant('at').notNull(),
			facetId: integer('facet_id').notNull(),
			n: bigint('n', { mode: 'number' }).notNull()
		},
		(t) => [primaryKey({ columns: [t.at, t.facetId] })]
	);
export const cellsMinute = cells('cells_minute');
export const cellsHour = cells('cells_hour');
/** Days of UTC, for questions over weeks. */
export const cellsDay = cells('cells_day');

/** What could not be read, as it came. One row a distinct record and source, however often it is sent. */
export const quarantine = pgTable(
	'quarantine',
	{
		id: bigserial('id', { mode: 'number' }).primaryKey(),
		sourceId: integer('source_id').notNull(),
		batchId: bigint('batch_id', { mode: 'number' }).notNull(),
		firstAt: instant('first_at').notNull().defaultNow(),
		lastAt: instant('last_at').notNull().defaultNow(),
		times: integer('times').notNull().default(1),
		format: code('format').notNull(),
		/** number of the record in its delivery, from 1 */
		line: integer('line').notNull(),
		/** where in the record: `classification.type`; empty when the record as a whole cannot be read */
		path: text('path').notNull(),
		code: code('code').notNull(),
		reason: text('reason').notNull(),
		/** rank of the strictest TLP that the record may have */
		tlp: smallint('tlp').notNull(),
		digest: uuid('digest').notNull(),
		raw: bytea('raw').notNull()
	},
	(t) => [unique('quarantine_once').on(t.sourceId, t.digest), index('quarantine_by_source').on(t.sourceId, t.id)]
);
