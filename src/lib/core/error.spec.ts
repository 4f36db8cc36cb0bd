import { expect, it } from 'vitest';
import { busy, isProblem, missing, Problem } from './error';

it('a problem is known as one also when another bundle made it', () => {
	class Other extends Error {
		code = 'x';
		status = 400;
		override name = 'Problem';
	}
	expect(
		[new Problem('x', 400, 'x'), new Other(), new Error('x'), { name: 'Problem', code: 'x', status: 1 }, null].map(
			isProblem
		)
	).toEqual([true, true, false, false, false]);
});

it('what does not exist and what may not be seen are answered alike', () => {
	expect(missing('The incident')).toMatchObject({ code: 'not_found', status: 404 });
	expect(busy('later', 3)).toMatchObject({ status: 429, detail: { retryAfter: 3 } });
});
