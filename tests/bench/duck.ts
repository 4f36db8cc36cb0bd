import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { serve } from './worker';

let db: DuckDBConnection;

/** The floor of the queries: the same rows in DuckDB, in memory where it fits, with two threads. */
const verbs = {
	/** Reads the tables from CSV files of PostgreSQL; answers the number of observations. */
	load: async (file: string, observations: string, facets: string): Promise<number> => {
		const instance = await DuckDBInstance.create(file, { threads: '2', memory_limit: '8GB' });
		db = await instance.connect();
		await db.run(`create table facets as select * from read_csv('${facets}', header = false, columns = {
			'id': 'INTEGER', 'province': 'VARCHAR', 'sector': 'VARCHAR', 'class': 'VARCHAR', 'type': 'VARCHAR', 'severity': 'VARCHAR', 'direction': 'VARCHAR', 'tlp': 'TINYINT' })`);
		await db.run(`create table observations as select * from read_csv('${observations}', header = false, max_line_size = 4194304, columns = {
			'observed_at': 'TIMESTAMP', 'id': 'UUID', 'facet_id': 'INTEGER', 'source_id': 'INTEGER', 'batch_id': 'BIGINT', 'rule': 'VARCHAR', 'source_ip': 'VARCHAR', 'source_port': 'INTEGER',
			'source_asn': 'BIGINT', 'destination_ip': 'VARCHAR', 'destination_port': 'INTEGER', 'fqdn': 'VARCHAR', 'url': 'VARCHAR', 'malware': 'VARCHAR', 'summary': 'VARCHAR', 'raw': 'VARCHAR' })`);
		await db.run('checkpoint');
		return Number((await db.runAndReadAll('select count(*) from observations')).getRows()[0]![0]);
	},

	/** Runs each statement in turn, `times` in all; milliseconds of each, rows of the last. */
	run: async (statements: string[], times: number): Promise<{ took: number[]; rows: number }> => {
		const took: number[] = [];
		let rows = 0;
		for (let i = 0; i < times; i++) {
			const begun = performance.now();
			const answer = await db.runAndReadAll(statements[i % statements.length]!);
			rows = answer.getRows().length;
			took.push(performance.now() - begun);
		}
		return { took, rows };
	}
};

export type Duck = typeof verbs;
export const run = (): void => serve(verbs);
