import type { Attachment } from 'svelte/attachments';
import type { Map } from 'leaflet';

/** How the drawing stands: enlarged by `zoom`, and the part of it that is in sight (x, y, width, height). */
export type Stand = { zoom: number; sight: [number, number, number, number] };
/** What lies under the drawing: raster tiles of this server, and who is to be named for them. */
export type Tiles = { min: number; max: number; attribution: string };

type Drawing = { width: number; height: number; bounds: [[number, number], [number, number]] };
type Options = { tiles?: Tiles | null; moved?: (stand: Stand) => void };

/**
 * Attachment: gives the `svg` in the node to Leaflet as an overlay on the bounds that it was drawn for, in the plane it
 * was drawn in, so nothing moves when Leaflet arrives. `moved` hears how the drawing stands, so that labels can keep
 * their size and what comes into sight can be drawn.
 *
 * With the focus on the map, arrows pan, + and − zoom, Escape shows the whole. The wheel zooms a map that has the focus,
 * or with Ctrl: else it scrolls the page.
 */
export const leaflet =
	(land: Drawing, { tiles = null, moved = () => {} }: Options): Attachment<HTMLElement> =>
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
			moved({ zoom: 1, sight: [0, 0, land.width, land.height] });
		}
		function stand(): void {
			if (!map) return;
			home = Math.abs(map.getZoom() - fitted) < 0.01;
			const [[south, west], [north, east]] = land.bounds;
			const a = map.latLngToContainerPoint([north, west]);
			const b = map.latLngToContainerPoint([south, east]);
			const unit = (b.x - a.x) / land.width;
			const size = map.getSize();
			moved({
				zoom: 2 ** (map.getZoom() - fitted),
				sight: [-a.x / unit, -a.y / unit, size.x / unit, size.y / unit]
			});
		}
		// A drag that ends on a province is not a click on it.
		const press = (e: PointerEvent) => (down = [e.clientX, e.clientY]);
		const click = (e: MouseEvent) => {
			// detail 0: the keyboard
			if (e.detail > 0 && Math.hypot(e.clientX - down[0], e.clientY - down[1]) > 4) e.preventDefault();
		};
		const key = (e: KeyboardEvent) => {
			if (!map || e.ctrlKey || e.metaKey || e.altKey) return;
			if (e.key === 'Escape' && !home) {
				e.preventDefault();
				return fit();
			}
			const by = e.key === '+' || e.key === '=' ? 0.5 : e.key === '-' ? -0.5 : 0;
			// The map itself has Leaflet's keys; its links have these.
			if (!by || e.target === node || !(e.target instanceof SVGElement)) return;
			e.preventDefault();
			const at = e.target.getBoundingClientRect();
			const box = node.getBoundingClientRect();
			map.setZoomAround([at.left + at.width / 2 - box.left, at.top + at.height / 2 - box.top], map.getZoom() + by, {
				animate: false
			});
		};
		const wheel = (e: WheelEvent) => {
			if (!map || !(e.ctrlKey || e.metaKey || node.contains(document.activeElement))) return;
			const zoom = Math.max(fitted, Math.min(map.getMaxZoom(), map.getZoom() - Math.sign(e.deltaY) * 0.25));
			// At its ends the wheel is the page's again.
			if (zoom === map.getZoom() && !e.ctrlKey) return;
			e.preventDefault();
			map.setZoomAround(map.mouseEventToContainerPoint(e), zoom, { animate: false });
		};

		void import('leaflet').then(({ default: L }) => {
			if (over || !svg) return;
			map = L.map(node, {
				attributionControl: false,
				zoomSnap: 0,
				zoomDelta: 0.5,
				zoomAnimation: false,
				fadeAnimation: false,
				inertia: false,
				maxZoom: 11,
				maxBounds: land.bounds,
				maxBoundsViscosity: 1,
				scrollWheelZoom: false,
				// One finger scrolls the page; two fingers zoom the map.
				dragging: !L.Browser.mobile,
				touchZoom: true
			});
			if (tiles) L.tileLayer('/tiles/{z}/{x}/{y}', { minNativeZoom: tiles.min, maxNativeZoom: tiles.max }).addTo(map);
			L.svgOverlay(svg, land.bounds, { interactive: false }).addTo(map);
			fit();
			map.on('zoomend moveend', stand);
			watch.observe(node);
			node.addEventListener('pointerdown', press);
			node.addEventListener('click', click, true);
			node.addEventListener('keydown', key);
			node.addEventListener('wheel', wheel, { passive: false });
		});
		return () => {
			over = true;
			watch.disconnect();
			node.removeEventListener('pointerdown', press);
			node.removeEventListener('click', click, true);
			node.removeEventListener('keydown', key);
			node.removeEventListener('wheel', wheel);
			map?.remove();
			// Back to where Svelte made it, in case this node is attached again.
			if (svg) node.append(svg);
		};
	};
