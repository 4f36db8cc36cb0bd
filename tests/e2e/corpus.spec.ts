import { gzipSync } from 'node:zlib';
import { basename } from 'node:path';
import { expect, test } from '@playwright/test';
import { bytesOf, entries, missing } from '../contract/corpus';
import { Server } from './server';

/** Files of each format. What each comes to, record by record, is held against the manifest in tests/contract/corpus-*.spec.ts. */
const FILES: Record<string, RegExp[]> = {
	intelmq: [/^intelmq\/.*\.jsonl$/],
	shadowserver: [/^shadowserver\/intelmq-testdata.*\.csv$/],
	eve: [/^suricata\/(?!.*schema).*\.json(\.gz)?$/],
	stix: [
		/^stix\/(?!.*(schemas-2|patterns|test-objects|invalid_comma)).*\.(jsonl?|stix2?)$/,
		/^taxii\/(.*pages\/.*|.*pages_meta|arango\/.*)\.json$/
	],
	misp: [/^misp\/(?!.*schema).*\.jsonl?$/],
	kev: [/^kev\/.*vulnerabilities\.(json|csv)$/],
	csaf: [/^csaf\/(?!schema).*\.json$/]
};
/** Index files of a directory, which are no documents. */
const INDEX = /testcases\.json$/;

test.describe('every file of the corpus over HTTP', () => {
	test.skip(!!missing, missing);
	test.setTimeout(240_000);

	test('is answered, counted once, and changes nothing when it is sent again', async () => {
		const server = await Server.open({ WATCHFLOOR_KEEP_OBSERVATIONS: '73000d' });
		try {
			for (const [format, patterns] of Object.entries(FILES)) {
				const files = entries('', /./).filter((e) => patterns.some((p) => p.test(e.file)) && !INDEX.test(e.file));
				expect(files.length, format).toBeGreaterThan(1);
				const token = await server.source(format, format);
				const post = async (file: string, zipped: boolean) => {
					const plain = bytesOf(file);
					const packed = file.endsWith('.gz') ? plain : zipped ? gzipSync(plain) : plain;
					const res = await fetch(
						`${server.base}/api/v1/ingest/${format}?filename=${encodeURIComponent(basename(file))}`,
						{
							method: 'POST',
							body: new Uint8Array(packed),
							headers: {
								authorization: `Bearer ${token}`,
								...(zipped || file.endsWith('.gz') ? { 'content-encoding': 'gzip' } : {})
							}
						}
					);
					expect(res.status, `${file}: ${res.ok ? '' : await res.clone().text()}`).toBe(200);
					return (await res.json()) as Record<'accepted' | 'duplicates' | 'quarantined' | 'ignored', number>;
				};
				for (const { file } of files) {
					const first = await post(file, false);
					const { accepted, duplicates, quarantined, ignored } = first;
					expect(accepted + duplicates + quarantined + ignored, file).toBeGreaterThan(0);
					expect(await post(file, true), file).toMatchObject({
						accepted: 0,
						duplicates: accepted + duplicates,
						quarantined,
						ignored
					});
				}
			}
			expect(await server.cli('verify')).toMatchObject({ differences: [] });
		} finally {
			await server.close();
		}
	});
});
