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
	serial,
	smallint,
	text,
	uniqueIndex,
	uuid
} from 'drizzle-orm/pg-core';
import { code, instant } from './column';

/** What belongs together: values that reports share, where each was seen, and the campaigns that they make. */

/** A value that reports may share. `id` is that of the indicator of this kind and value, whether there is one or not. */
export const clues = pgTable(
	'clues',
	{
		id: uuid('id').primaryKey(),
		/** of `core/observable`, or `behaviour` */
		kind: code('kind').notNull(),
		value: text('value').notNull(),
		/** when it was seen last, to the hour */
		lastAt: instant('last_at').notNull(),
		/** since when it is to be judged anew; null: it has been */
		dirtyAt: instant('dirty_at'),
		/** so common that it is not looked at again before */
		restUntil: instant('rest_until')
	},
	(t) => [
		index('clues_dirty')
			.on(t.dirtyAt, t.id)
			.where(sql`dirty_at is not null`),
		index('clues_by_last').on(t.lastAt)
	]
);

/**
 * Reports of one hour and facet, at one constituent, that carry the same clues. Derived from `observations` and
 * `sightings`: those of an hour and facet are always written anew together.
 */
export const traces = pgTable(
	'traces',
	{
		at: instant('at').notNull(),
		facetId: integer('facet_id').notNull(),
		/** a digest of the constituent and the clues */
		set: uuid('set').notNull(),
		/** 0: none is known */
		constituentId: integer('constituent_id').notNull(),
		clues: uuid('clues').array().notNull(),
		n: bigint('n', { mode: 'number' }).notNull()
	},
	(t) => [primaryKey({ columns: [t.at, t.facetId, t.set] }), index('traces_by_clue').using('gin', t.clues)]
);

export const campaigns = pgTable(
	'campaigns',
	{
		id: serial('id').primaryKey(),
		/** as a person named it; null: after what it shares, as far as a viewer may see that */
		name: text('name'),
		namedBy: text('named_by'),
		/** rank of the clearance of whoever named it: others see the name from there on */
		namedTlp: smallint('named_tlp'),
		/** `open`, `quiet` (not seen for a window), `dismissed` or `merged` */
		state: code('state').notNull().default('open'),
		mergedInto: integer('merged_into'),
		/** a person has decided something about it: the machine takes nothing from it any more */
		touched: boolean('touched').notNull().default(false),
		firstAt: instant('first_at').notNull(),
		lastAt: instant('last_at').notNull(),
		createdAt: instant('created_at').notNull().defaultNow(),
		version: integer('version').notNull().default(1)
	},
	(t) => [index('campaigns_by_last').on(t.lastAt, t.id)]
);

export const campaignMembers = pgTable(
	'campaign_members',
	{
		campaignId: integer('campaign_id').notNull(),
		clueId: uuid('clue_id').notNull(),
		/** why it belongs here: `shared`, `claimed` (somebody says to look for it), `behaviour`, `split` or `merged` */
		why: code('why').notNull(),
		/** who added it; null: the machine */
		addedBy: text('added_by'),
		addedAt: instant('added_at').notNull().defaultNow(),
		removedBy: text('removed_by'),
		removedAt: instant('removed_at')
	},
	(t) => [
		primaryKey({ columns: [t.campaignId, t.clueId] }),
		// a value belongs to one campaign at a time
		uniqueIndex('campaign_members_once')
			.on(t.clueId)
			.where(sql`removed_at is null`)
	]
);

/** Append-only: a trigger refuses update and delete. */
export const campaignEvents = pgTable(
	'campaign_events',
	{
		id: bigserial('id', { mode: 'number' }).primaryKey(),
		campaignId: integer('campaign_id').notNull(),
		at: instant('at').notNull().defaultNow(),
		/** null: the machine */
		actor: text('actor'),
		/** rank of the clearance of whoever did it: others see it from there on */
		tlp: smallint('tlp').notNull(),
		/** `found`, `name`, `merge`, `split`, `dismiss`, `reopen` or `dissolve` */
		action: code('action').notNull(),
		detail: jsonb('detail').notNull()
	},
	(t) => [index('campaign_events_by_campaign').on(t.campaignId, t.id)]
);

/** Pairs of campaigns that a person has split, the lower number first: the machine never makes one of them. */
export const campaignApart = pgTable(
	'campaign_apart',
	{ a: integer('a').notNull(), b: integer('b').notNull() },
	(t) => [primaryKey({ columns: [t.a, t.b] }), index('campaign_apart_by_b').on(t.b)]
);
