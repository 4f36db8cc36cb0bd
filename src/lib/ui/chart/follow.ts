/**
 * Attachment for a table whose rows lead somewhere: a click anywhere in a row does what its link does. The link itself
 * is what the keyboard and a screen reader use.
 */
export function follow(table: HTMLTableElement): () => void {
	const click = (event: MouseEvent) => {
		if (!(event.target instanceof Element) || event.target.closest('a')) return;
		event.target.closest('tbody tr')?.querySelector('a')?.click();
	};
	table.addEventListener('click', click);
	return () => table.removeEventListener('click', click);
}
