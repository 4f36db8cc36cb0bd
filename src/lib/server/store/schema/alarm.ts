import { sql } from 'drizzle-orm';
import {
	bigserial,
	boolean,
	index,
	integer,
	jsonb,
	pgTable,
	serial,
	smallint,
	text,
	uniqueIndex
} from 'drizzle-orm/pg-core';
import { code, instant } from './column';

/** What must be done now: the rules that say when, the alarms that they raised, and what became of those. */

/** Seeded from `core/alarm/rules`, then the operator's to change. */
export const rules = pgTable('rules', {
	slug: code('slug').primaryKey(),
	kind: code('kind').notNull(),
	name: text('name').notNull(),
	priority: code('priority').notNull(),
	/** thresholds, by the schema of the kind in `core/alarm/params` */
	params: jsonb('params').notNull(),
	/** what the watch officer is expected to do */
	response: text('response').notNull(),
	enabled: boolean('enabled').notNull(),
	version: integer('version').notNull().default(1),
	updatedAt: instant('updated_at').notNull().defaultNow(),
	/** null: as it came */
	updatedBy: text('updated_by')
});

export const alarms = pgTable(
	'alarms',
	{
		id: serial('id').primaryKey(),
		rule: code('rule').notNull(),
		/** names the condition within its rule */
		key: code('key').notNull(),
		kind: code('kind').notNull(),
		priority: code('priority').notNull(),
		standing: code('standing').notNull(),
		response: text('response').notNull(),
		sector: code('sector'),
		province: code('province'),
		source: code('source'),
		/** rank: the least that a viewer must be cleared for */
		tlp: smallint('tlp').notNull(),
		/** what is said to whom: by the rank of the clearance, the lowest first */
		said: jsonb('said').notNull(),
		href: text('href').notNull(),
		/** what the condition consists of; more of it rings again */
		parts: text('parts').array().notNull(),
		/** whom it concerns; their names are not in `said`, because not everybody may read them */
		constituents: integer('constituents').array().notNull(),
		raisedAt: instant('raised_at').notNull(),
		updatedAt: instant('updated_at').notNull(),
		/** since when the condition has not been seen, while it is not sure that it has ended */
		absentAt: instant('absent_at'),
		/** when the condition ended; null: it holds, also when a person has cleared the alarm */
		returnedAt: instant('returned_at'),
		acknowledgedAt: instant('acknowledged_at'),
		acknowledgedBy: text('acknowledged_by'),
		shelvedUntil: instant('shelved_until'),
		shelvedBy: text('shelved_by'),
		shelvedReason: text('shelved_reason'),
		clearedAt: instant('cleared_at'),
		version: integer('version').notNull().default(1)
	},
	(t) => [
		// One condition has one alarm, and one that a person has cleared is not raised again while it holds.
		uniqueIndex('alarms_once')
			.on(t.rule, t.key)
			.where(sql`standing <> 'cleared' or returned_at is null`),
		index('alarms_by_time').on(t.raisedAt)
	]
);

/** Append-only: a trigger refuses update and delete. */
export const alarmEvents = pgTable(
	'alarm_events',
	{
		id: bigserial('id', { mode: 'number' }).primaryKey(),
		alarmId: integer('alarm_id').notNull(),
		at: instant('at').notNull().defaultNow(),
		/** name of a person, or null: the rule */
		actor: text('actor'),
		/** see `core/alarm` */
		what: code('what').notNull(),
		/** rank: the least that a viewer must be cleared for */
		tlp: smallint('tlp').notNull(),
		detail: jsonb('detail').notNull()
	},
	(t) => [index('alarm_events_of').on(t.alarmId), index('alarm_events_by_time').on(t.at)]
);
