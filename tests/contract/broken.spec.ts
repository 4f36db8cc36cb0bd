import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Ingest } from '../../src/lib/server/ingest/ingest';
import { connect } from '../../src/lib/server/store/client';
import * as verify from '../../src/lib/server/store/verify';
import { deliver, open, report, type Stage } from './stage';

let stage: Stage;
let ingest: Ingest;
beforeAll(async () => {
	stage = await open();
	ingest = stage.intake(connect(stage.client.url, 2, 30));
});
afterAll(() => stage.close());

it(
	'a copy that the database gives up does not hold the writer, and loses and doubles nothing',
	{ timeout: 120_000 },
	async () => {
		const source = await stage.source();
		const reports = Array.from({ length: 30_000 }, () => report(1, { 'extra.x': 'y'.repeat(1000) }));
		for (let turn = 0; turn < 2; turn++) {
			const taken = deliver(ingest, source, reports).then(
				(d) => d.accepted + d.duplicates,
				() => 'refused'
			);
			let cut = 0;
			for (let i = 0; i < 2000 && !cut; i++) {
				const rows = await stage.client
					.sql`select pg_cancel_backend(pid) from pg_stat_activity where query like 'copy stage%' and state = 'active' and datname = current_database() limit 1`;
				cut = rows.length;
				await new Promise((wait) => setTimeout(wait, 2));
			}
			expect(cut).toBe(1);
			expect(['refused', reports.length]).toContain(await taken);
		}
		const again = await deliver(ingest, source, reports);
		expect(again.accepted + again.duplicates).toBe(reports.length);
		const [held] = await stage.client.sql<
			{ n: number }[]
		>`select count(*) as n from observations where source_id = ${source}`;
		expect(held!.n).toBe(reports.length);
		expect((await verify.run(stage.client.sql)).differences).toEqual([]);
	}
);
