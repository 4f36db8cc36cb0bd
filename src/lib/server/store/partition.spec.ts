import { expect, it } from 'vitest';
import { database } from '../../../../tests/database';
import { Partitions } from './partition';

it('a month that is too old is dropped when nobody reads for long, and nobody who writes waits for that', async () => {
	const client = await database();
	try {
		const partitions = new Partitions(client.sql);
		await partitions.ensure(['2020-01']);
		const now = Date.parse('2026-11-24T00:00:00Z');
		await client.sql.begin(async (tx) => {
			await tx`select from observations limit 1`;
			expect(await partitions.drop(now)).toEqual([]);
		});
		expect(await partitions.drop(now)).toEqual(['observations_2020_01']);
	} finally {
		await client.close();
	}
});
