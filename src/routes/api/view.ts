import { z } from 'zod';
import { id, seconds, tlp } from './answer';

/** A saved view as the HTTP interface answers it. */
export const View = z
	.object({
		id: z.number().int(),
		name: z.string(),
		by: z.string(),
		mine: z.boolean(),
		path: z.string(),
		params: z.string().meta({ description: 'query string, without ?' }),
		href: z.string(),
		shared: z.boolean(),
		tlp: tlp.meta({ description: 'where it is shared: others see it from this clearance on' }),
		created: seconds
	})
	.meta({ id: 'View' });
export const one = id('number of the view');
