/** The pace of the live socket: constants alone, so that a browser that needs them does not load the schemas. */

/** Socket.IO namespace. */
export const NAMESPACE = '/live';
/** Seconds between frames at the most; silence of `STALE` seconds means broken. */
export const BEAT = 1;
export const STALE = 3;
