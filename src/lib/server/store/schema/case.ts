import { bigserial, index, integer, jsonb, pgTable, serial, smallint, text, unique } from 'drizzle-orm/pg-core';
import { code, instant } from './column';

/** What people work on: incidents with their history, levels, the audit. */

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

/** Levels that a person declared for the nation. The newest is the one that is shown: none older comes back when it ends. */
export const levels = pgTable('levels', {
	id: serial('id').primaryKey(),
	level: code('level').notNull(),
	reason: text('reason').notNull(),
	by: text('by').notNull(),
	since: instant('since').notNull(),
	until: instant('until'),
	/** when, by whom and why it was taken back before its time */
	withdrawnAt: instant('withdrawn_at'),
	withdrawnBy: text('withdrawn_by'),
	withdrawnReason: text('withdrawn_reason')
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
