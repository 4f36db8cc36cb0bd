import { SCENES, type Kind } from './scene';

/**
 * How a wall screen is set: what it shows, and from how far. Without a diagonal and a distance type keeps the size that
 * goes with the number of pixels.
 */
export type Settings = {
	/** what is shown, in this order; one: nothing rotates */
	scenes: Kind[];
	/** how long each is shown */
	seconds: number;
	paused: boolean;
	/** the one sector, province or campaign of such a scene; null: the one furthest from its usual, or each in turn */
	sector: string | null;
	province: string | null;
	campaign: number | null;
	/** of the panel, in inches */
	diagonal: number | null;
	/** between the panel and whoever reads it, in metres */
	distance: number | null;
	/** a tone when a high-priority alarm rings */
	sound: boolean;
};

/** How a screen is set, as it is told; a higher version is newer. */
export type Told = { settings: Settings; version: number };

/** Characters of a name, and screens, at the most. */
export const NAME = 64;
export const SCREENS = 200;
/** Seconds without a word from it after which a screen is not live; it says one each `SAYS` seconds. */
export const SILENT = 75;
export const SAYS = 30;

/** A name that can be shown and written: no control characters, no blanks around it; undefined when it is none. */
export function name(text: string | null | undefined): string | undefined {
	const trimmed = text?.trim().normalize('NFC');
	return trimmed && trimmed.length <= NAME && !/\p{C}/u.test(trimmed) ? trimmed : undefined;
}

/** A wall is calm until somebody tells it to be something else. */
export const CALM: Readonly<Settings> = {
	scenes: ['nation'],
	seconds: 30,
	paused: false,
	sector: null,
	province: null,
	campaign: null,
	diagonal: null,
	distance: null,
	sound: false
};

/** What a setting may be. */
export const LIMITS = { seconds: [5, 3600], diagonal: [5, 600], distance: [0.3, 60], scenes: SCENES.length } as const;

/**
 * Height of a capital letter that is read without effort, in minutes of arc: ISO 9241-303 (5.5.4) asks for 16 at the
 * least and recommends 20 to 22; it measures the capital letter, and so do we.
 */
export const LEAST = 16;
/** Height of a capital of Inter, in parts of the size of the type (1490 of 2048 units). */
export const CAPITAL = 1490 / 2048;
/** The smallest type on a wall, in rem. */
export const SMALLEST = 0.875;
/** So many times its usual size is type at the most; beyond that a screen holds no picture any more. */
export const MOST = 3;

const INCH = 25.4;
const ARC = Math.PI / (180 * 60);

/** Root size of the type (CSS pixels) that goes with a panel of so many pixels, as the style sheet has it. */
export const usual = (width: number, height: number): number =>
	width >= height ? Math.min(width / 120, height / 67.5) : Math.min(width / 67.5, height / 120);

/** Millimetres between two pixels. */
export const pitch = (width: number, height: number, diagonal: number): number =>
	(diagonal * INCH) / Math.hypot(width, height);

/** Minutes of arc of the smallest capital on a screen whose root size is `root` pixels. */
export const minutes = (root: number, mm: number, distance: number): number =>
	(2 * Math.atan((root * SMALLEST * CAPITAL * mm) / (2 * distance * 1000))) / ARC;

/**
 * Root size of the type (CSS pixels) on a panel of so many pixels, and how large its smallest capital is then for the
 * reader (minutes of arc; null: not known). `enough` is false where type of that size would leave no picture: then it is
 * as large as it may be, and whoever sets the screen is told.
 */
export function type(
	{ width, height }: { width: number; height: number },
	{ diagonal, distance }: Pick<Settings, 'diagonal' | 'distance'>
): { root: number; minutes: number | null; enough: boolean } {
	const own = usual(width, height);
	if (diagonal === null || distance === null || !(width > 0 && height > 0))
		return { root: own, minutes: null, enough: true };
	const mm = pitch(width, height, diagonal);
	const asked = (2 * distance * 1000 * Math.tan((LEAST * ARC) / 2)) / (mm * SMALLEST * CAPITAL);
	const root = Math.min(Math.max(own, asked), own * MOST);
	return { root, minutes: minutes(root, mm, distance), enough: asked <= own * MOST };
}
