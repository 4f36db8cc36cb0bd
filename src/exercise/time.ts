/** Epoch seconds as IntelMQ writes a time: `2026-11-23T09:32:07+00:00`. */
export const iso = (at: number): string => `${new Date(Math.floor(at) * 1000).toISOString().slice(0, 19)}+00:00`;
