/** Attachment: hides the cursor when nobody has moved it for four seconds (class `still`). */
export function still(node: HTMLElement): () => void {
	let timer: ReturnType<typeof setTimeout>;
	const stir = () => {
		node.classList.remove('still');
		clearTimeout(timer);
		timer = setTimeout(() => node.classList.add('still'), 4000);
	};
	stir();
	node.addEventListener('pointermove', stir);
	return () => {
		clearTimeout(timer);
		node.removeEventListener('pointermove', stir);
	};
}
