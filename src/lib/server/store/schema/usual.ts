import { bigint, integer, json, jsonb, pgTable, primaryKey, smallint } from 'drizzle-orm/pg-core';
import { code, instant } from './column';

/** What is learned from: how many reports of a source are counted in an hour under a facet. Derived from `observations`, as of the mark `usual`. */
export const usualCells = pgTable(
	'usual_cells',
	{
		at: instant('at').notNull(),
		sourceId: integer('source_id').notNull(),
		facetId: integer('facet_id').notNull(),
		n: bigint('n', { mode: 'number' }).notNull()
	},
	(t) => [primaryKey({ columns: [t.at, t.sourceId, t.facetId] })]
);

/** How far those who follow the log have come, and what they remember. */
export const marks = pgTable('marks', {
	name: code('name').primaryKey(),
	/** the last entry of the log that is in what they have made of it */
	seq: bigint('seq', { mode: 'number' }).notNull(),
	state: jsonb('state').notNull().default({})
});

/** The latest judgement as each clearance has it: rows of `core/judgement`. */
export const judgements = pgTable('judgements', {
	/** rank */
	clearance: smallint('clearance').primaryKey(),
	/** the minute that was judged */
	at: instant('at').notNull(),
	/** of the log: what it knows of */
	seq: bigint('seq', { mode: 'number' }).notNull(),
	rows: json('rows').notNull()
});
