import { z } from 'zod';
import { SCENES } from '$lib/core/scene';
import { seconds } from './answer';

const settings = z.object({
	scenes: z.array(z.enum(SCENES)).meta({ description: 'shown in this order; one: nothing rotates' }),
	seconds: z.number().meta({ description: 'how long each is shown' }),
	paused: z.boolean(),
	sector: z.string().nullable().meta({ description: 'of the sector scene; null: the one furthest from its usual' }),
	province: z.string().nullable(),
	campaign: z.number().int().nullable(),
	diagonal: z.number().nullable().meta({ description: 'of the panel, in inches' }),
	distance: z.number().nullable().meta({ description: 'between the panel and its readers, in metres' }),
	sound: z.boolean()
});
export const Screen = z
	.object({
		name: z.string(),
		settings,
		version: z.number().int(),
		seen: seconds.meta({ description: 'when it last said that it is there' }),
		width: z.number().int(),
		height: z.number().int(),
		shows: z.string(),
		updated: seconds,
		by: z.string().nullable().meta({ description: 'null: as it came' })
	})
	.meta({ id: 'Screen' });
