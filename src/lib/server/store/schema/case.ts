import {
	bigint,
	bigserial,
	index,
	integer,
	jsonb,
	pgTable,
	serial,
	smallint,
	text,
	unique,
	uuid
} from 'drizzle-orm/pg-core';
import { code, instant } from './column';

/** What people work on: incidents with their history, indicators with their sightings, levels, the audit. */

export const incidents = pgTable('incidents', {
	id: code('id').primaryKey(),
	title: text('title').notNull(),
	summary: text('summary').notNull(),
	type: code('type').notNull(),
	severity: code('severity').notNull(),
	status: code('status').notNull(),
	sector: code('sector'),
	province: code('province'),
	team: code('team'),
	tlp: smallint('tlp').notNull(),
	openedAt: instant('opened_at').notNull(),
	updatedAt: instant('updated_at').notNull(),
	closedAt: instant('closed_at'),
	version: integer('version').notNull()
});

/** Append-only: a trigger refuses update and delete. */
export const incidentEvents = pgTable(
	'incident_events',
	{
		id: bigserial('id', { mode: 'number' }).primaryKey(),
		incidentId: code('incident_id').notNull(),
		at: instant('at').notNull().defaultNow(),
		actor: text('actor').notNull(),
		version: integer('version').notNull(),
		/** the fields that changed, with their new values, and `note` */
		change: jsonb('change').notNull()
	},
	(t) => [unique('incident_events_once').on(t.incidentId, t.version)]
);

export const indicators = pgTable(
	'indicators',
	{
		id: uuid('id').primaryKey().defaultRandom(),
		kind: code('kind').notNull(),
		value: text('value').notNull(),
		tlp: smallint('tlp').notNull(),
		confidence: smallint('confidence'),
		validFrom: instant('valid_from'),
		validUntil: instant('valid_until'),
		createdAt: instant('created_at').notNull().defaultNow()
	},
	(t) => [unique('indicators_once').on(t.kind, t.value)]
);

/** How often an indicator was seen: per hour, source and facet. */
export const sightings = pgTable(
	'sightings',
	{
		indicatorId: uuid('indicator_id').notNull(),
		at: instant('at').notNull(),
		sourceId: integer('source_id').notNull(),
		facetId: integer('facet_id').notNull(),
		n: bigint('n', { mode: 'number' }).notNull()
	},
	(t) => [unique('sightings_once').on(t.indicatorId, t.at, t.sourceId, t.facetId)]
);

/** Levels that a person declared for the nation; the newest that has not expired holds. */
export const levels = pgTable('levels', {
	id: serial('id').primaryKey(),
	level: code('level').notNull(),
	reason: text('reason').notNull(),
	by: text('by').notNull(),
	since: instant('since').notNull(),
	until: instant('until')
});

export const audit = pgTable(
	'audit',
	{
		id: bigserial('id', { mode: 'number' }).primaryKey(),
		at: instant('at').notNull().defaultNow(),
		actor: text('actor').notNull(),
		action: code('action').notNull(),
		subject: text('subject').notNull(),
		detail: jsonb('detail').notNull()
	},
	(t) => [index('audit_by_subject').on(t.subject)]
);
