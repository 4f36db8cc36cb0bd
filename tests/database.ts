import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { inject } from 'vitest';
import type { TestProject } from 'vitest/node';
import { connect, type Client } from '../src/lib/server/store/client';
import * as embedded from '../src/lib/server/store/embedded';
import * as migrate from '../src/lib/server/store/migrate';

/**
 * A real PostgreSQL for tests: one cluster a run, one migrated template, one copy of it for each call of `database()`.
 */
declare module 'vitest' {
	interface ProvidedContext {
		cluster: string;
	}
}

const TEMPLATE = 'template_migrated';
const named = (url: string, database: string): string => Object.assign(new URL(url), { pathname: `/${database}` }).href;

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
	const dir = mkdtempSync(join(tmpdir(), 'watchfloor-test-'));
	const cluster = await embedded.open(dir);
	const admin = postgres(cluster.url, { max: 1, onnotice: () => {} });
	await admin.unsafe(`create database ${TEMPLATE}`);
	const template = connect(named(cluster.url, TEMPLATE), 2, 60);
	await migrate.run(template);
	await template.close();
	await admin.end();
	project.provide('cluster', cluster.url);
	return async () => {
		await cluster.close();
		rmSync(dir, { recursive: true, force: true });
	};
}

let made = 0;

/** A fresh database of this test file, and how to get rid of it. */
export async function database(cluster = inject('cluster')): Promise<Client> {
	const name = `test_${process.pid}_${made++}_${Date.now().toString(36)}`;
	const admin = postgres(cluster, { max: 1, onnotice: () => {} });
	await admin.unsafe(`create database ${name} template ${TEMPLATE}`);
	const client = connect(named(cluster, name), 4, 30);
	return {
		...client,
		close: async () => {
			await client.close();
			await admin.unsafe(`drop database if exists ${name} with (force)`).catch(() => {});
			await admin.end();
		}
	};
}
