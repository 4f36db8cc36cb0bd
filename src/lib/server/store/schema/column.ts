import { customType, timestamp } from 'drizzle-orm/pg-core';

/** Codes, slugs and ids compare by bytes, whatever locale a foreign database has: smaller, faster, the same everywhere. */
export const code = customType<{ data: string }>({ dataType: () => 'text collate "C"' });
export const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' });
/** An instant; stored in UTC. */
export const instant = (name: string) => timestamp(name, { withTimezone: true });
/** Number of a transaction, which grows for ever. */
export const xid8 = customType<{ data: string }>({ dataType: () => 'xid8' });
