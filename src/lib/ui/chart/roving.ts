/**
 * Attachment for a drawing of many links that is one stop of the keyboard: the arrows move among its marks, Home and End
 * go to the ends of a row, Enter opens as in any link. A mark is a link with `data-at="row,column"`. Where a drawing has
 * one row, up and down do nothing, so the page still scrolls.
 */
export function roving(node: Element): () => void {
	let here = '';
	const marks = () => [...node.querySelectorAll<HTMLElement | SVGElement>('[data-at]')];
	const at = (mark: Element) => (mark.getAttribute('data-at') ?? '').split(',').map(Number) as [number, number];
	/** Marks come and go with what is counted: one of them, and only one, is always reachable. */
	const settle = () => {
		const all = marks();
		const current = all.find((m) => m.getAttribute('data-at') === here) ?? all[0];
		for (const mark of all) {
			const index = mark === current ? '0' : '-1';
			if (mark.getAttribute('tabindex') !== index) mark.setAttribute('tabindex', index);
		}
	};
	const key = (event: Event) => {
		if (!(event instanceof KeyboardEvent) || event.altKey || event.ctrlKey || event.metaKey) return;
		const mark = (event.target as Element).closest('[data-at]');
		if (!mark) return;
		const to = next(event.key, at(mark), marks().map(at));
		if (!to) return;
		event.preventDefault();
		const target = node.querySelector<HTMLElement | SVGElement>(`[data-at="${to.join(',')}"]`);
		target?.focus();
		target?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
	};
	const focus = (event: Event) => {
		const mark = (event.target as Element).closest('[data-at]');
		if (!mark) return;
		here = mark.getAttribute('data-at') ?? '';
		settle();
	};
	const watch = new MutationObserver(settle);
	settle();
	watch.observe(node, { childList: true, subtree: true });
	node.addEventListener('keydown', key);
	node.addEventListener('focusin', focus);
	return () => {
		watch.disconnect();
		node.removeEventListener('keydown', key);
		node.removeEventListener('focusin', focus);
	};
}

/** Where a key leads from a mark; undefined: nowhere, the key is not ours. Rows may have gaps. */
export function next(
	key: string,
	[row, column]: readonly [number, number],
	marks: readonly (readonly [number, number])[]
): readonly [number, number] | undefined {
	const line = marks.filter((m) => m[0] === row).sort((a, b) => a[1] - b[1]);
	if (key === 'ArrowRight') return line.find((m) => m[1] > column);
	if (key === 'ArrowLeft') return line.findLast((m) => m[1] < column);
	if (key === 'Home') return line[0];
	if (key === 'End') return line.at(-1);
	if (key !== 'ArrowDown' && key !== 'ArrowUp') return undefined;
	const down = key === 'ArrowDown';
	const rows = [...new Set(marks.map((m) => m[0]))].sort((a, b) => a - b);
	const other = down ? rows.find((r) => r > row) : rows.findLast((r) => r < row);
	return marks
		.filter((m) => m[0] === other)
		.sort((a, b) => Math.abs(a[1] - column) - Math.abs(b[1] - column) || a[1] - b[1])[0];
}
