import {
	boolean,
	doublePrecision,
	integer,
	pgTable,
	primaryKey,
	text,
	unique,
	serial,
	smallint
} from 'drizzle-orm/pg-core';
import { code } from './column';

/** Reference data: what the words mean. Seeded from `core`, then the operator's to extend. */

export const meta = pgTable('meta', { key: code('key').primaryKey(), value: text('value').notNull() });

export const provinces = pgTable('provinces', {
	code: code('code').primaryKey(),
	name: text('name').notNull(),
	short: text('short').notNull(),
	urdu: text('urdu').notNull(),
	capital: text('capital').notNull(),
	lat: doublePrecision('lat').notNull(),
	lon: doublePrecision('lon').notNull(),
	population: integer('population').notNull(),
	populationSource: text('population_source').notNull(),
	aliases: text('aliases').array().notNull(),
	position: integer('position').notNull()
});

export const sectors = pgTable('sectors', {
	slug: code('slug').primaryKey(),
	name: text('name').notNull(),
	short: text('short').notNull(),
	urdu: text('urdu').notNull(),
	status: code('status').notNull(),
	aliases: text('aliases').array().notNull(),
	position: integer('position').notNull()
});

export const teams = pgTable('teams', {
	slug: code('slug').primaryKey(),
	name: text('name').notNull(),
	urdu: text('urdu').notNull(),
	tier: code('tier').notNull(),
	status: code('status').notNull(),
	sector: code('sector'),
	province: code('province'),
	position: integer('position').notNull()
});

export const classes = pgTable('classes', {
	slug: code('slug').primaryKey(),
	name: text('name').notNull(),
	urdu: text('urdu').notNull(),
	position: integer('position').notNull()
});

export const types = pgTable('types', {
	slug: code('slug').primaryKey(),
	class: code('class').notNull(),
	name: text('name').notNull(),
	/** default severity of a report that states none */
	severity: code('severity').notNull(),
	aliases: text('aliases').array().notNull(),
	intelmqOnly: boolean('intelmq_only').notNull().default(false),
	position: integer('position').notNull()
});

/**
 * One combination of everything that a cell is counted by, apart from time. Observations and cells name it by number,
 * so that counting compares two integers instead of seven words. Rows are never changed or removed.
 */
export const facets = pgTable(
	'facets',
	{
		id: serial('id').primaryKey(),
		province: code('province').notNull(),
		sector: code('sector').notNull(),
		class: code('class').notNull(),
		type: code('type').notNull(),
		severity: code('severity').notNull(),
		direction: code('direction').notNull(),
		tlp: smallint('tlp').notNull()
	},
	(t) => [unique('facets_once').on(t.province, t.sector, t.class, t.type, t.severity, t.direction, t.tlp)]
);

/** Counters that must not skip or repeat, such as incident numbers of a year. */
export const counters = pgTable(
	'counters',
	{ name: code('name').notNull(), value: integer('value').notNull() },
	(t) => [primaryKey({ columns: [t.name] })]
);
