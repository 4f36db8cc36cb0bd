import { rank } from '$lib/core/tlp';
import type { Viewer } from '$lib/core/viewer';
import type { Sql, Tx } from './client';

/** What the viewer may see, as a condition on `f` (facets). */
export const facets = (sql: Sql | Tx, viewer: Viewer) => sql`f.tlp <= ${rank(viewer.clearance)} and f.class <> 'test'
	${viewer.sectors ? sql`and f.sector = any(${viewer.sectors})` : sql``} ${viewer.provinces ? sql`and f.province = any(${viewer.provinces})` : sql``}`;

/** What the viewer may see, as a condition on `i` (incidents). */
export const incidents = (sql: Sql | Tx, viewer: Viewer) => sql`i.tlp <= ${rank(viewer.clearance)}
	${viewer.sectors ? sql`and i.sector = any(${viewer.sectors})` : sql``} ${viewer.provinces ? sql`and i.province = any(${viewer.provinces})` : sql``}`;
