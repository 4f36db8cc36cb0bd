import type { HandleClientError } from '@sveltejs/kit';

/** A way that failed in the browser: the server was not reached, or a script of ours failed. A person is told which. */
export const handleError: HandleClientError = ({ error, status, message }) => {
	// What browsers say when there is no answer, to a read and to a part of the program; a mistake of ours is a TypeError, too.
	const lost = error instanceof TypeError && /fetch|network|load failed|importing a module/i.test(error.message);
	if (!navigator.onLine || lost) return { message: 'The server cannot be reached.', offline: true };
	return {
		message: status === 404 ? 'There is no such page.' : status < 500 ? message : 'Something went wrong on this page.'
	};
};
