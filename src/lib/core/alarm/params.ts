import { z } from 'zod';
import type { Kind } from '../alarm';
import { CLASSES, TEST } from '../rsit';
import { LEVELS } from '../severity';

/**
 * What a rule of each kind can be told: its thresholds, its minimum counts and how long a condition must be over before
 * its alarm ends (hysteresis). `title` and `description` are what the page of the rules says of each.
 */

const about = <S extends z.ZodType>(schema: S, title: string, description: string): S =>
	schema.meta({ title, description }) as S;
const number = (min: number, max: number, title: string, description: string) =>
	about(z.number().min(min).max(max), title, description);
const whole = (min: number, max: number, title: string, description: string) =>
	about(z.int().min(min).max(max), title, description);
/** Those that are ever counted. */
const COUNTED = CLASSES.map((c) => c.slug).filter((c) => c !== TEST) as [string, ...string[]];
const classes = (title: string, description: string) =>
	about(z.array(z.enum(COUNTED)).max(COUNTED.length), title, description);
const levels = (title: string, description: string) => about(z.array(z.enum(LEVELS)).min(1), title, description);
const hold = whole(0, 1440, 'Ends after', 'minutes without the condition before the alarm ends');

export const PARAMS = {
	surge: z.strictObject({
		sigma: number(2, 50, 'Deviation', 'σ above the usual that raise it'),
		risk: number(2, 50, 'Deviation on a day of risk', 'σ above the usual, on days that the calendar names'),
		ends: number(0, 20, 'Ends below', 'σ'),
		hold: whole(0, 1440, 'Ends after', 'minutes below that'),
		count: whole(1, 1_000_000, 'At least', 'reports in the window'),
		ratio: number(1, 100, 'And at least', 'times the expected count'),
		medium: number(2, 100, 'Medium from', 'σ, in the classes that weigh'),
		high: number(2, 100, 'High from', 'σ, in the classes that weigh'),
		weigh: classes('Classes that weigh', 'the others never raise more than a low alarm')
	}),
	silence: z.strictObject({
		grace: whole(0, 10_080, 'Silent for', 'minutes beyond three times its cadence'),
		hold
	}),
	indicator: z.strictObject({
		of: about(z.enum(['sectors', 'constituents']), 'Seen in', 'what is counted'),
		least: whole(2, 100, 'At least', 'of them'),
		hours: whole(1, 168, 'Within', 'hours'),
		hold
	}),
	incident: z.strictObject({
		when: about(z.enum(['opened', 'overdue']), 'When it is', 'opened, or not closed by its proposed target'),
		levels: levels('Levels', 'of the cases that count'),
		grace: whole(0, 10_080, 'After', 'minutes beyond the target'),
		hold
	}),
	exposure: z.strictObject({
		hours: whole(1, 720, 'Reported within', 'hours'),
		hold
	}),
	cert: z.strictObject({
		classes: classes('Classes', 'what counts as an attack'),
		least: whole(1, 100_000, 'At least', 'reports in the window'),
		minutes: whole(5, 1440, 'Window', 'minutes'),
		organisations: about(
			z.array(z.string().trim().min(1).max(200)).max(100),
			'Also',
			'constituents that are a CERT under another name than that of a team'
		),
		hold
	})
} satisfies Record<Kind, z.ZodType>;

export type Params = { [K in Kind]: z.infer<(typeof PARAMS)[K]> };
