import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../src/lib/server/store/client';
import { bytesOf, entries, missing, pieces } from './corpus';
import { open, type Stage } from './stage';

/** The largest file of each format that is no archive. */
const LARGEST = (
	[
		['intelmq', /^intelmq\/.*\.jsonl$/],
		['shadowserver', /^shadowserver\/intelmq-testdata.*\.csv$/],
		['eve', /^suricata\/frank\/.*\.json(\.gz)?$/],
		['stix', /^stix\/(?!.*(schemas-2|patterns|test-objects)).*\.(json|stix2)$/],
		['misp', /^misp\/(?!.*(schema|manifest)).*\.json$/],
		['kev', /^kev\/.*vulnerabilities\.json$/],
		['csaf', /^csaf\/cisa\/.*\.json$/]
	] as const
).map(([format, form]) => {
	const files = entries('', form).map(({ file }) => ({ file, size: bytesOf(file).length }));
	return { format, file: files.sort((a, b) => b.size - a.size)[0]?.file ?? '' };
});

if (missing) it.skip(`Two processes are not given the same file: ${missing}`, () => {});

describe.skipIf(missing)('the same file through two processes at once', () => {
	let stage: Stage;
	let intakes: ReturnType<Stage['intake']>[];
	beforeAll(async () => {
		stage = await open({ WATCHFLOOR_KEEP_OBSERVATIONS: '73000d' });
		intakes = [0, 1].map(() => stage.intake(connect(stage.client.url, 3, 30)));
	});
	afterAll(() => stage.close());

	it.each(LARGEST)(
		'$format: $file counts once, in one piece and in a hundred',
		{ timeout: 60_000 },
		async ({ format, file }) => {
			const deliver = (source: number, intake: ReturnType<Stage['intake']>, count: number) =>
				intake.deliver(source, {
					bytes: pieces(file.endsWith('.gz') ? gunzipSync(bytesOf(file)) : bytesOf(file), count),
					contentType: '',
					format,
					filename: file.split('/').at(-1)
				});
			const [one, other] = intakes;
			const alone = await deliver(await stage.source(), one!, 1);
			expect(alone.accepted).toBeGreaterThan(0);
			const source = await stage.source();
			const both = await Promise.all([
				deliver(source, one!, 1),
				deliver(source, other!, 100),
				deliver(source, other!, 1),
				deliver(source, one!, 100)
			]);
			const sum = (name: 'accepted' | 'duplicates' | 'quarantined') => both.reduce((n, d) => n + d[name], 0);
			expect(sum('accepted')).toBe(alone.accepted);
			expect(sum('duplicates')).toBe(4 * (alone.accepted + alone.duplicates) - alone.accepted);
			expect(sum('quarantined')).toBe(4 * alone.quarantined);
			const kinds = new Map<string, number>();
			for (const d of both)
				for (const [kind, n] of Object.entries(d.kinds)) kinds.set(kind, (kinds.get(kind) ?? 0) + n);
			expect(Object.fromEntries(kinds)).toEqual(alone.kinds);
		}
	);
});
