import { sql } from 'drizzle-orm';
import {
	bigint,
	bigserial,
	boolean,
	index,
	integer,
	jsonb,
	pgTable,
	primaryKey,
	smallint,
	text,
	uuid
} from 'drizzle-orm/pg-core';
import { code, instant, xid8 } from './column';

/** What exchange formats bring beside reports: objects, the values that they say to look for, and what was seen of those. */

/** Every version of every object, as it came. `id` is the fingerprint of source, key and revision: the same version counts once. */
export const objects = pgTable(
	'objects',
	{
		id: uuid('id').primaryKey(),
		sourceId: integer('source_id').notNull(),
		batchId: bigint('batch_id', { mode: 'number' }).notNull(),
		receivedAt: instant('received_at').notNull().defaultNow(),
		/** STIX object type, or `advisory` */
		kind: code('kind').notNull(),
		/** what it is within its source: a STIX id, a MISP UUID, a CVE number */
		key: code('key').notNull(),
		/** of the report or event that it came in */
		groupKey: code('group_key'),
		modifiedAt: instant('modified_at'),
		name: text('name'),
		tlp: smallint('tlp').notNull(),
		revoked: boolean('revoked').notNull(),
		/** slugs of the sectors that it names */
		sectors: text('sectors').array(),
		facts: jsonb('facts'),
		raw: text('raw').notNull()
	},
	(t) => [index('objects_by_key').on(t.key), index('objects_by_group').on(t.groupKey)]
);

/** The version of each object that holds: the newest by `modified_at`, or the last that came. */
export const heads = pgTable(
	'heads',
	{
		sourceId: integer('source_id').notNull(),
		key: code('key').notNull(),
		objectId: uuid('object_id').notNull(),
		kind: code('kind').notNull(),
		modifiedAt: instant('modified_at')
	},
	(t) => [primaryKey({ columns: [t.sourceId, t.key] }), index('heads_by_kind').on(t.kind, t.modifiedAt)]
);

/** One a kind and value, whoever says so; `id` is a digest of both, so that nobody has to look it up. */
export const indicators = pgTable(
	'indicators',
	{
		id: uuid('id').primaryKey(),
		kind: code('kind').notNull(),
		value: text('value').notNull(),
		createdAt: instant('created_at').notNull().defaultNow(),
		/** the transaction that brought it: who holds all of before a snapshot asks for what came since */
		xid: xid8('xid')
			.notNull()
			.default(sql`pg_current_xact_id()`),
		/** when the observations of before were searched for it; null: not yet */
		lookedAt: instant('looked_at'),
		/** names of the warning lists that hold it: known to be good */
		warnings: text('warnings').array()
	},
	(t) => [
		index('indicators_by_xid').on(t.xid),
		index('indicators_unlooked')
			.on(t.createdAt)
			.where(sql`looked_at is null`),
		index('indicators_by_value').on(sql`left(value, 200) collate "C"`, t.id)
	]
);

/** That an object of a source says to look for an indicator; of the version that holds. */
export const claims = pgTable(
	'claims',
	{
		indicatorId: uuid('indicator_id').notNull(),
		sourceId: integer('source_id').notNull(),
		key: code('key').notNull(),
		objectId: uuid('object_id').notNull(),
		tlp: smallint('tlp').notNull(),
		/** to be looked for; else known as context */
		actionable: boolean('actionable').notNull(),
		/** one part of a pattern that asks for several values at once */
		partial: boolean('partial').notNull(),
		revoked: boolean('revoked').notNull(),
		confidence: smallint('confidence'),
		validFrom: instant('valid_from'),
		validUntil: instant('valid_until')
	},
	(t) => [primaryKey({ columns: [t.indicatorId, t.sourceId, t.key] }), index('claims_by_key').on(t.sourceId, t.key)]
);

/** That somebody else saw something: an object by its key, or an indicator. */
export const statements = pgTable(
	'statements',
	{
		id: bigserial('id', { mode: 'number' }).primaryKey(),
		sourceId: integer('source_id').notNull(),
		/** of the object that says so */
		key: code('key').notNull(),
		objectId: uuid('object_id').notNull(),
		ofKey: code('of_key'),
		indicatorId: uuid('indicator_id'),
		/** `seen`, `false-positive` or `expired` */
		verdict: code('verdict').notNull(),
		count: bigint('count', { mode: 'number' }).notNull(),
		firstAt: instant('first_at'),
		lastAt: instant('last_at'),
		tlp: smallint('tlp').notNull()
	},
	(t) => [
		index('statements_by_key').on(t.sourceId, t.key),
		index('statements_of_key').on(t.ofKey),
		index('statements_of_indicator').on(t.indicatorId)
	]
);

/** That an observation carries the value of an indicator. What it was counted under stands here too, and moves with it. */
export const sightings = pgTable(
	'sightings',
	{
		indicatorId: uuid('indicator_id').notNull(),
		observedAt: instant('observed_at').notNull(),
		observationId: uuid('observation_id').notNull(),
		facetId: integer('facet_id').notNull(),
		sourceId: integer('source_id').notNull(),
		constituentId: integer('constituent_id')
	},
	(t) => [
		primaryKey({ columns: [t.indicatorId, t.observedAt, t.observationId] }),
		index('sightings_by_observation').on(t.observedAt, t.observationId),
		index('sightings_by_facet').on(t.indicatorId, t.facetId)
	]
);

/** Lists of values that are known to be good, as the operator loaded them. */
export const warninglists = pgTable('warninglists', {
	name: text('name').primaryKey(),
	/** `cidr`, `hostname`, `string`, `substring` or `regex` */
	type: code('type').notNull(),
	version: text('version'),
	entries: text('entries').array().notNull(),
	loadedAt: instant('loaded_at').notNull().defaultNow()
});
