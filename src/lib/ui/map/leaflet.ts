import type { Attachment } from 'svelte/attachments';
import type { Map } from 'leaflet';
import type { Land } from './land';

/**
 * Attachment: gives the `svg` in the node to Leaflet as an overlay on the bounds that it was drawn for, in the plane it
 * was drawn in, so nothing moves when Leaflet arrives. `fixed` is for a wall: no panning, no zoom. `zoomed` hears by
 * how much the drawing is enlarged, so that labels can keep their size.
 */
export const leaflet =
	(land: Pick<Land, 'bounds'>, fixed: boolean, zoomed: (k: number) => void): Attachment<HTMLElement> =>
	(node) => {
		const svg = node.querySelector('svg');
		let map: Map | undefined;
		let over = false;
		let fitted = 0;
		let home = true;
		let down: [number, number] = [0, 0];

		const watch = new ResizeObserver(() => {
			if (!map) return;
			map.invalidateSize({ animate: false, pan: false });
			if (home) fit();
		});
		function fit(): void {
			if (!map) return;
			map.setMinZoom(0);
			map.fitBounds(land.bounds, { animate: false, padding: [0, 0] });
			fitted = map.getZoom();
			map.setMinZoom(fitted);
			home = true;
			zoomed(1);
		}
		// A drag that ends on a province is not a click on it.
		const press = (e: PointerEvent) => (down = [e.clientX, e.clientY]);
		const click = (e: MouseEvent) => {
			// detail 0: the keyboard
			if (e.detail > 0 && Math.hypot(e.clientX - down[0], e.clientY - down[1]) > 4) e.preventDefault();
		};

		void import('leaflet').then(({ default: L }) => {
			if (over || !svg) return;
			map = L.map(node, {
				attributionControl: false,
				zoomControl: !fixed,
				zoomSnap: 0,
				zoomDelta: 0.5,
				zoomAnimation: false,
				fadeAnimation: false,
				inertia: false,
				maxZoom: 11,
				maxBounds: land.bounds,
				maxBoundsViscosity: 1,
				scrollWheelZoom: false,
				boxZoom: !fixed,
				doubleClickZoom: !fixed,
				keyboard: !fixed,
				// One finger scrolls the page; two fingers zoom the map.
				dragging: !fixed && !L.Browser.mobile,
				touchZoom: !fixed
			});
			if (fixed) node.removeAttribute('tabindex');
			L.svgOverlay(svg, land.bounds, { interactive: false }).addTo(map);
			fit();
			map.on('zoomend', () => {
				if (!map) return;
				home = Math.abs(map.getZoom() - fitted) < 0.01;
				zoomed(2 ** (map.getZoom() - fitted));
			});
			watch.observe(node);
			node.addEventListener('pointerdown', press);
			node.addEventListener('click', click, true);
		});
		return () => {
			over = true;
			watch.disconnect();
			node.removeEventListener('pointerdown', press);
			node.removeEventListener('click', click, true);
			map?.remove();
			// Back to where Svelte made it, in case this node is attached again.
			if (svg) node.append(svg);
		};
	};
