import type { Attachment } from 'svelte/attachments';

/**
 * Attachment for a list of rows of equal height: tells how many whole rows fit into it (at least one), now and when
 * its size changes; `columns` of them stand side by side. Where the list grows with its content (a phone), it is not asked: ten rows.
 */
export const room =
	(tell: (rows: number) => void, columns: (list: HTMLElement) => number = () => 1): Attachment<HTMLElement> =>
	(list) => {
		const measure = () => {
			const row = list.firstElementChild?.getBoundingClientRect().height;
			if (!row) return;
			const bound = getComputedStyle(list).flexGrow !== '0';
			tell(bound ? Math.max(1, Math.floor((list.clientHeight + 1) / row)) * columns(list) : 10);
		};
		const watch = new ResizeObserver(measure);
		watch.observe(list);
		return () => watch.disconnect();
	};

/** How many columns a grid has now. */
export const across = (list: HTMLElement): number => getComputedStyle(list).gridTemplateColumns.split(' ').length;
