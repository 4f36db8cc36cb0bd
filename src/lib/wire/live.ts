import { z } from 'zod';
import type { Frame, Snapshot } from '$lib/core/picture';
import type { Told } from '$lib/core/screen';

/**
 * What a client asks for. An absent list means all that its scope allows; `since` is the last `to` it has folded;
 * `screen`: the name of a wall screen that wants to hear how it is set.
 */
export const Subscribe = z.object({
	sectors: z.array(z.string().max(64)).max(64).optional(),
	provinces: z.array(z.string().max(64)).max(64).optional(),
	since: z.number().int().nonnegative().optional(),
	screen: z.string().min(1).max(64).optional()
});
export type Subscribe = z.infer<typeof Subscribe>;

export type Answer =
	| { mode: 'snapshot'; snapshot: Snapshot }
	| { mode: 'resume'; frames: Frame[] }
	| { error: { code: string; message: string } };

export type ClientEvents = { subscribe: (what: Subscribe, ack: (answer: Answer) => void) => void };
export type ServerEvents = { frame: (frame: Frame) => void; screen: (told: Told) => void };

export { BEAT, NAMESPACE, STALE } from './pace';
