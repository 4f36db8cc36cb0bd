import { jsonb, pgTable, primaryKey, smallint } from 'drizzle-orm/pg-core';
import { instant } from './column';

/** The posture as each clearance has it: the last of each hour; the newest row is the one that holds. */
export const postures = pgTable(
	'postures',
	{
		/** a whole hour */
		at: instant('at').notNull(),
		/** rank */
		clearance: smallint('clearance').notNull(),
		/** `core/posture` */
		posture: jsonb('posture').notNull(),
		/** what the next one has to know of the ones before: `core/posture/state` */
		state: jsonb('state').notNull()
	},
	(t) => [primaryKey({ columns: [t.clearance, t.at] })]
);
