import type { RequestHandler } from '@sveltejs/kit';
import { answer } from '../../export';
import { problem } from '../../problem';

/** The observations of a slice as a file. */
export const GET: RequestHandler = (event) => answer(event).catch((e: unknown) => problem(e, event));
