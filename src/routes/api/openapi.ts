import { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject } from 'zod-openapi';
import { STATUSES } from '$lib/core/incident';
import { LEVELS, SEVERITIES } from '$lib/core/severity';
import { TLPS } from '$lib/core/tlp';
import { Change, New } from '$lib/wire/incident';
import { Aggregates, Filter, page } from '$lib/wire/query';

/** The HTTP contract as OpenAPI 3.1, from the schemas that check it. */

const seconds = z.number().meta({ description: 'epoch seconds (UTC)' });
const iso = z.string().meta({ description: 'ISO 8601, UTC' });
const tlp = z.enum(TLPS);
const next = z.string().nullable().meta({ description: 'cursor of the next page; null: this is the last' });
const id = (about: string) => z.object({ id: z.string().meta({ description: about }) });

const Problem = z
	.object({
		type: z.string(),
		title: z.string(),
		status: z.number(),
		code: z.string(),
		detail: z.string().optional(),
		error_id: z.string()
	})
	.loose()
	.meta({ id: 'Problem', description: 'RFC 9457' });
const Incident = z
	.object({
		id: z.string(),
		title: z.string(),
		summary: z.string(),
		type: z.string(),
		severity: z.enum(LEVELS),
		status: z.enum(STATUSES),
		sector: z.string().nullable(),
		province: z.string().nullable(),
		team: z.string().nullable(),
		tlp,
		opened: seconds,
		updated: seconds,
		closed: seconds.nullable(),
		version: z.number().int()
	})
	.meta({ id: 'Incident' });
const Delivery = z
	.object({
		batch: z.number().int(),
		accepted: z.number().int(),
		duplicates: z.number().int(),
		quarantined: z.number().int(),
		ignored: z.number().int(),
		seq: z.number().int(),
		kinds: z.record(z.string(), z.number().int())
	})
	.meta({ id: 'Delivery' });
const Observation = z
	.object({
		id: z.uuid(),
		observed: iso,
		source: z.string(),
		batch: z.number().int(),
		province: z.string(),
		sector: z.string(),
		class: z.string(),
		type: z.string(),
		severity: z.enum(SEVERITIES),
		direction: z.string(),
		tlp,
		rule: z.string(),
		sourceIp: z.string().nullable(),
		sourcePort: z.number().nullable(),
		sourceAsn: z.number().nullable(),
		destinationIp: z.string().nullable(),
		destinationPort: z.number().nullable(),
		fqdn: z.string().nullable(),
		url: z.string().nullable(),
		malware: z.string().nullable(),
		summary: z.string().nullable(),
		raw: z.string()
	})
	.meta({ id: 'Observation' });
const Held = z
	.object({
		id: z.number().int(),
		source: z.string(),
		firstAt: seconds,
		lastAt: seconds,
		times: z.number().int(),
		format: z.string(),
		line: z.number().int(),
		path: z.string(),
		code: z.string(),
		reason: z.string(),
		tlp,
		raw: z.string(),
		size: z.number().int()
	})
	.meta({ id: 'Quarantined' });
const Source = z
	.object({
		slug: z.string(),
		name: z.string(),
		format: z.string(),
		tlp,
		cadence: z.number(),
		last: seconds.nullable(),
		health: z.enum(['waiting', 'on-time', 'late', 'silent']),
		accepted: z.number().nullable(),
		duplicates: z.number().nullable(),
		quarantined: z.number().nullable(),
		ignored: z.number().nullable(),
		lastError: z.string().nullable(),
		lastErrorAt: seconds.nullable()
	})
	.meta({ id: 'Source' });
const Level = z
	.object({ level: z.enum(LEVELS), reason: z.string(), by: z.string(), since: seconds, until: seconds.nullable() })
	.meta({ id: 'Level' });
const Indicator = z
	.object({
		id: z.uuid(),
		kind: z.string(),
		value: z.string(),
		tlp,
		confidence: z.number().nullable(),
		validFrom: seconds.nullable(),
		validUntil: seconds.nullable()
	})
	.meta({ id: 'Indicator' });
const Sighting = z.object({
	at: seconds,
	source: z.string(),
	province: z.string(),
	sector: z.string(),
	type: z.string(),
	count: z.number()
});
const Posture = z.object({
	seq: z.number().int(),
	at: iso,
	level: Level.nullable(),
	incidents: z.object({ open: z.number(), overdue: z.number(), bySeverity: z.record(z.string(), z.number()) }),
	observations: z.object({ from: iso, total: z.number(), bySector: z.record(z.string(), z.number()) }),
	sources: z.object({ total: z.number(), onTime: z.number(), late: z.number(), silent: z.number() })
});

type Content = { [media: string]: { schema: z.ZodType } };
const body = (schema: z.ZodType): Content => ({ 'application/json': { schema } });
const failure = (description: string) => ({
	description,
	content: { 'application/problem+json': { schema: Problem } }
});
const failures = {
	'400': failure('what was asked is wrong; `detail` says where'),
	'401': failure('no token or session, or not a valid one'),
	'403': failure('not allowed'),
	'503': failure('the database is away or the question is too large; `code` says which')
};
const answer = (schema: z.ZodType, more: Partial<ZodOpenApiOperationObject> = {}): ZodOpenApiOperationObject => ({
	responses: { '200': { description: 'the answer', content: body(schema) }, ...failures },
	...more
});
const limits = z.object(page(1000));

export const document = createDocument({
	openapi: '3.1.0',
	info: {
		title: 'Watchfloor',
		version: '1',
		description: 'Reports in, counts and cases out. Everything is narrowed to the clearance and scope of whoever asks.'
	},
	security: [{ bearer: [] }],
	components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
	paths: {
		'/api/v1/ingest/{source}': {
			post: {
				summary: 'Deliver reports; answered after the commit. Sent again, it changes nothing.',
				requestParams: {
					path: z.object({ source: z.string() }),
					query: z.object({ format: z.string().optional(), filename: z.string().optional() })
				},
				requestBody: {
					required: true,
					content: { 'application/x-ndjson': { schema: z.string() }, 'application/json': { schema: z.unknown() } }
				},
				responses: {
					'200': { description: 'committed', content: body(Delivery) },
					...failures,
					'413': failure('too large'),
					'415': failure('unknown format or content coding'),
					'429': failure('too much at once; see Retry-After')
				}
			}
		},
		'/api/v1/quarantine': {
			get: answer(z.object({ records: z.array(Held), next }), {
				summary: 'What could not be read',
				requestParams: { query: limits.extend({ source: z.string().optional(), code: z.string().optional() }) }
			})
		},
		'/api/v1/quarantine/{id}/retry': {
			post: answer(
				z.object({
					id: z.number(),
					result: z.enum(['accepted', 'duplicate', 'quarantined']),
					reason: z.string().optional()
				}),
				{ summary: 'Try a record again, after a fix', requestParams: { path: id('number of the record') } }
			)
		},
		'/api/v1/observations': {
			get: answer(z.object({ observations: z.array(Observation), next }), {
				summary: 'Observations, the newest first',
				requestParams: { query: Filter.extend(page(1000)) }
			})
		},
		'/api/v1/aggregates': {
			get: answer(
				z.object({
					from: iso,
					to: iso,
					by: z.array(z.string()),
					seq: z.number().int(),
					total: z.number().int(),
					cells: z.array(z.object({ count: z.number().int() }).loose())
				}),
				{ summary: 'Counts, of whole minutes', requestParams: { query: Aggregates } }
			)
		},
		'/api/v1/incidents': {
			get: answer(z.object({ incidents: z.array(Incident), next }), {
				summary: 'Cases, the newest first',
				requestParams: {
					query: limits.extend({
						status: z.enum(['open', 'closed', 'all']).optional(),
						severity: z.string().optional(),
						sector: z.string().optional(),
						province: z.string().optional(),
						team: z.string().optional(),
						q: z.string().optional()
					})
				}
			}),
			post: {
				summary: 'Open a case',
				requestBody: { required: true, content: body(New) },
				responses: { '201': { description: 'opened', content: body(Incident) }, ...failures }
			}
		},
		'/api/v1/incidents/{id}': {
			get: answer(
				Incident.extend({
					history: z.array(
						z.object({ at: seconds, actor: z.string(), version: z.number(), change: z.record(z.string(), z.unknown()) })
					)
				}),
				{ summary: 'A case with its history', requestParams: { path: id('such as NCT-2026-0412') } }
			),
			patch: {
				summary: 'Change a case that nobody has changed meanwhile',
				requestParams: { path: id('such as NCT-2026-0412'), header: z.object({ 'If-Match': z.string() }) },
				requestBody: { required: true, content: body(Change) },
				responses: {
					'200': { description: 'changed', content: body(Incident) },
					...failures,
					'404': failure('does not exist'),
					'412': failure('somebody changed it'),
					'428': failure('If-Match is missing')
				}
			}
		},
		'/api/v1/indicators': {
			get: answer(z.object({ indicators: z.array(Indicator), next }), {
				summary: 'Indicators whose value contains a text',
				requestParams: { query: limits.extend({ value: z.string().optional() }) }
			})
		},
		'/api/v1/indicators/{id}': {
			get: answer(Indicator.extend({ sightings: z.array(Sighting) }), {
				summary: 'An indicator with its sightings',
				requestParams: { path: id('UUID') }
			})
		},
		'/api/v1/sources': { get: answer(z.object({ sources: z.array(Source) }), { summary: 'Sources and their health' }) },
		'/api/v1/posture': { get: answer(Posture, { summary: 'How things stand' }) },
		'/api/v1/levels': {
			get: answer(z.object({ levels: z.array(Level) }), { summary: 'Levels that were declared, the newest first' })
		},
		'/healthz': { get: { summary: 'Alive', security: [], responses: { '200': { description: 'alive' } } } },
		'/readyz': {
			get: {
				summary: 'Ready to serve',
				security: [],
				responses: { '200': { description: 'ready' }, '503': { description: 'not ready' } }
			}
		},
		'/metrics': {
			get: {
				summary: 'Measurements for Prometheus',
				security: [],
				responses: { '200': { description: 'text format' }, '403': { description: 'asked from elsewhere' } }
			}
		}
	}
});
