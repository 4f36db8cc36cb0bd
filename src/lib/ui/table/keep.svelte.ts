import { untrack } from 'svelte';
import type { Attachment } from 'svelte/attachments';

/**
 * Attachment for a text field whose value follows the address: it takes `value` when that changes, but never over what
 * somebody is typing.
 */
export const keep =
	(value: () => string): Attachment<HTMLInputElement> =>
	(input) => {
		let given = untrack(value);
		const sent = () => (given = input.value);
		input.form?.addEventListener('submit', sent);
		$effect(() => {
			const next = value();
			const typing = document.activeElement === input && input.value !== given;
			if (!typing) input.value = given = next;
		});
		return () => input.form?.removeEventListener('submit', sent);
	};
