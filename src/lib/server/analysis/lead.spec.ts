import { expect, it, vi } from 'vitest';
import { database } from '../../../../tests/database';
import { Lead } from './lead';

it('one leads at a time, by a session that the driver does not replace', async () => {
	const client = await database();
	try {
		const open = vi.spyOn(client, 'open');
		const [one, other] = [new Lead(client), new Lead(client)];
		expect(await one.take()).toBe(true);
		expect(await other.take()).toBe(false);
		expect(await one.take()).toBe(true);
		const { options } = open.mock.results[0]!.value as ReturnType<typeof client.open>;
		expect(options.max_lifetime).toBeNull();
		await one.close();
		await expect.poll(() => other.take()).toBe(true);
		await other.close();
	} finally {
		await client.close();
	}
});
