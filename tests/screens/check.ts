/**
 * Runs in the page and says what a person would see as broken: a page wider than its window, text that is cut off
 * without a sign, text over text, and, where the page is one screen (`whole`), text beyond its edge.
 */
export function check(whole: boolean): string[] {
	type Piece = { text: string; box: DOMRect; node: Text };
	const found: string[] = [];
	const root = document.scrollingElement!;
	const wide = root.scrollWidth - root.clientWidth;
	if (wide > 0) found.push(`the page is ${wide} px too wide`);

	const pieces: Piece[] = [];
	const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	const range = document.createRange();
	while (walker.nextNode()) {
		const node = walker.currentNode as Text;
		const text = node.data.trim();
		const parent = node.parentElement!;
		if (!text || parent.closest('script, style, noscript, option, title, desc')) continue;
		if (!parent.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
		range.selectNodeContents(node);
		for (const rect of range.getClientRects()) {
			const clipped = visible(rect, parent, text);
			if (clipped) pieces.push({ text: short(text), box: clipped, node });
		}
	}

	pieces.sort((a, b) => a.box.top - b.box.top);
	for (const [i, a] of pieces.entries()) {
		for (let j = i + 1; j < pieces.length && pieces[j]!.box.top < a.box.bottom - 3; j++) {
			const b = pieces[j]!;
			if (a.node === b.node) continue;
			const across = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
			const down = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
			// Boxes of lines are taller than their letters: only what really runs into another counts.
			const less = Math.min(a.box.height, b.box.height);
			if (across > 2 && down > Math.max(3, less * 0.35) && shown(a) && shown(b))
				found.push(`“${a.text}” lies over “${b.text}”`);
		}
		if (whole && (a.box.right > innerWidth + 2 || a.box.bottom > innerHeight + 2 || a.box.left < -2))
			found.push(`“${a.text}” is beyond the edge`);
	}
	return [...new Set(found)].slice(0, 12);

	/** What is left of a box within all that cut it off; undefined: nothing, as of text for screen readers only. */
	function visible(rect: DOMRect, from: Element, text: string): DOMRect | undefined {
		let { left, top, right, bottom } = rect;
		if (right - left < 1 || bottom - top < 1) return;
		for (let e: Element | null = from; e && e !== document.body; e = e.parentElement) {
			const style = getComputedStyle(e);
			if (style.clipPath !== 'none' || style.clip !== 'auto') return;
			if (style.display === 'inline' || !/hidden|clip|auto|scroll/.test(`${style.overflowX} ${style.overflowY}`))
				continue;
			const box = e.getBoundingClientRect();
			const lost = Math.max(right - box.right, box.left - left, bottom - box.bottom, box.top - top);
			const scrolls = /auto|scroll/.test(`${style.overflowX} ${style.overflowY}`);
			const said = style.textOverflow === 'ellipsis' || style.webkitLineClamp !== 'none' || e.closest('[title]');
			if (lost > 3 && !scrolls && !said && box.width > 2 && box.height > 2)
				found.push(`“${short(text)}” is cut off by ${e.localName}.${e.classList[0]}, ${Math.round(lost)} px`);
			left = Math.max(left, box.left);
			right = Math.min(right, box.right);
			top = Math.max(top, box.top);
			bottom = Math.min(bottom, box.bottom);
			if (right - left < 1 || bottom - top < 1) return;
			if (style.position === 'fixed') break;
		}
		return new DOMRect(left, top, right - left, bottom - top);
	}
	/** Not under a menu, a dialog or a head that stays. */
	function shown({ box, node }: Piece): boolean {
		const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
		if (x < 0 || y < 0 || x > innerWidth || y > innerHeight) return true;
		const top = document.elementFromPoint(x, y);
		const over = top?.closest('dialog, [role=dialog], [role=menu], [popover], header');
		return !over || over.contains(node);
	}
	function short(text: string): string {
		return text.replace(/\s+/g, ' ').slice(0, 40);
	}
}
