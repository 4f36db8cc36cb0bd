/** Seconds at one place. */
const STAY = 240;

/** Against burn-in: the whole picture moves by a pixel every four minutes, through nine places, and comes back. */
export function shift(now: number): { x: number; y: number } {
	const place = Math.floor(now / STAY) % 9;
	return { x: (place % 3) - 1, y: Math.floor(place / 3) - 1 };
}
