import type { Tiles } from '$lib/ui/map/leaflet';

/** What a map needs to know of the tiles under it; null: there are none. */
export const under = ({ tiles }: App.Locals['app']): Tiles | null =>
	tiles && { min: tiles.min, max: tiles.max, attribution: tiles.attribution };
