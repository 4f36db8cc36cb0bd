import { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject } from 'zod-openapi';
import { Acknowledge, Change as RuleChange, Clear, Shelve, Unshelve } from '$lib/core/alarm/draft';
import { Declare, Withdraw } from '$lib/core/draft';
import { KINDS } from '$lib/core/observable';
import { Change as CampaignChange, Merge, Split } from '$lib/server/store/campaign/change';
import { Change as NoticeChange, New as NewNotice } from '$lib/server/store/notice';
import { Change as ScreenChange } from '$lib/server/store/screen';
import { New as NewView } from '$lib/core/view';
import { Change, New } from '$lib/wire/incident';
import { Aggregates, Exported, page, Pages } from '$lib/wire/query';
import { Alarm, Flood, Opened, Rate, Rule } from './alarm';
import {
	seconds,
	iso,
	next,
	id,
	Problem,
	Incident,
	Delivery,
	Observation,
	Held,
	Source,
	LevelOfHistory,
	Indicator,
	Dossier,
	Posture
} from './answer';
import { Campaign, Spread } from './campaign';
import { Asked, AskedNotices, Notice, one, Outbound } from './outbound';
import { Screen } from './screen';
import { one as oneView, View } from './view';

/** The HTTP contract as OpenAPI 3.1, from the schemas that check it. */

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
/** What a person does about an alarm. */
const deed = (summary: string, given: z.ZodType): { post: ZodOpenApiOperationObject } => ({
	post: {
		summary,
		requestParams: { path: id('number of the alarm') },
		requestBody: { content: body(given) },
		responses: {
			'200': { description: 'the alarm as it stands now', content: body(Alarm) },
			...failures,
			'404': failure('does not exist'),
			'409': failure('somebody else has done something about it')
		}
	}
});
/** A change of a campaign that nobody has changed meanwhile. */
const campaign = (summary: string, change: z.ZodType, status: '200' | '201' = '200'): ZodOpenApiOperationObject => ({
	summary,
	requestParams: { path: id('such as C-12'), header: z.object({ 'If-Match': z.string() }) },
	requestBody: { required: true, content: body(change) },
	responses: {
		[status]: { description: 'done', content: body(Spread) },
		...failures,
		'404': failure('does not exist'),
		'412': failure('it has changed'),
		'428': failure('If-Match is missing')
	}
});

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
			get: answer(
				z.object({
					observations: z.array(Observation),
					next,
					previous: z
						.string()
						.nullable()
						.meta({ description: '`newer` of the page of those that are newer, now or when they have come' }),
					more: z.boolean().meta({ description: 'there may be newer ones already' })
				}),
				{ summary: 'Observations, the newest first', requestParams: { query: Pages(1000) } }
			)
		},
		'/api/v1/export': {
			get: {
				summary: 'Observations as a file, the newest first, with their markings; it says when it was cut',
				requestParams: { query: Exported },
				responses: {
					'200': {
						description: 'the file, as it is read; its name says the marking and the time',
						content: {
							'text/csv': { schema: z.string() },
							'application/json': { schema: z.object({}).loose() },
							'application/x-ndjson': { schema: z.string() },
							'application/stix+json;version=2.1': { schema: z.object({}).loose() },
							'application/geo+json': { schema: z.object({}).loose() }
						}
					},
					...failures
				}
			}
		},
		'/api/v1/views': {
			get: answer(z.object({ views: z.array(View) }), {
				summary: 'Saved slices of screens: your own, and those that are shared',
				requestParams: { query: z.object({ path: z.string().optional() }) }
			}),
			post: {
				summary: 'Save a slice of a screen: its path and query string',
				requestBody: { required: true, content: body(NewView) },
				responses: {
					'201': { description: 'saved', content: body(View) },
					...failures,
					'409': failure('the name is taken, or there are too many')
				}
			}
		},
		'/api/v1/views/{id}': {
			delete: {
				summary: 'Remove a saved view of your own',
				requestParams: { path: oneView },
				responses: { '204': { description: 'removed' }, ...failures, '404': failure('does not exist for you') }
			}
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
				requestParams: { query: limits.extend({ value: z.string().optional(), kind: z.enum(KINDS).optional() }) }
			})
		},
		'/api/v1/indicators/{id}': {
			get: answer(Dossier, {
				summary: 'An indicator with its claims, and its sightings by sector, province and time',
				requestParams: { path: id('UUID') }
			})
		},
		'/api/v1/sources': { get: answer(z.object({ sources: z.array(Source) }), { summary: 'Sources and their health' }) },
		'/api/v1/posture': { get: answer(Posture, { summary: 'How things stand' }) },
		'/api/v1/posture/brief': {
			get: {
				summary: 'How things stand, on one page of A4, marked with TLP and time',
				requestParams: { query: z.object({ against: z.enum(['day', 'week', 'month']).optional() }) },
				responses: {
					'200': { description: 'the brief', content: { 'application/pdf': { schema: z.string() } } },
					...failures
				}
			}
		},
		'/api/v1/levels': {
			get: answer(z.object({ levels: z.array(LevelOfHistory) }), {
				summary: 'Levels that were declared, the newest first'
			}),
			post: {
				summary: 'Declare the national level; at most 30 days, with a reason that everybody reads',
				requestBody: { required: true, content: body(Declare) },
				responses: {
					'201': { description: 'declared', content: body(LevelOfHistory) },
					...failures,
					'409': failure('somebody has declared another since `over`')
				}
			}
		},
		'/api/v1/levels/withdraw': {
			post: {
				summary: 'Take the declared level back before its time',
				requestBody: { required: true, content: body(Withdraw) },
				responses: {
					'200': { description: 'taken back', content: body(LevelOfHistory) },
					...failures,
					'409': failure('none is declared, or another than `over`')
				}
			}
		},
		'/api/v1/alarms': {
			get: answer(z.object({ alarms: z.array(Alarm), next, rate: Rate, flood: Flood.nullable() }), {
				summary: 'Alarms, the latest raised first; how often they rang, and whether they flood',
				requestParams: { query: limits.extend({ state: z.enum(['open', 'cleared', 'all']).optional() }) }
			})
		},
		'/api/v1/alarms/{id}': {
			get: answer(Opened, {
				summary: 'An alarm with its history',
				requestParams: { path: id('number of the alarm') }
			})
		},
		'/api/v1/alarms/{id}/acknowledge': deed('Say that somebody has seen it', Acknowledge),
		'/api/v1/alarms/{id}/shelve': deed('Put it aside until a moment; then it rings again', Shelve),
		'/api/v1/alarms/{id}/unshelve': deed('Take it from the shelf', Unshelve),
		'/api/v1/alarms/{id}/clear': deed('End it; it stays quiet while its condition holds', Clear),
		'/api/v1/rules': {
			get: answer(z.object({ rules: z.array(Rule) }), { summary: 'The rules that raise alarms' })
		},
		'/api/v1/rules/{slug}': {
			patch: {
				summary: 'Change a rule that nobody has changed meanwhile',
				requestParams: { path: z.object({ slug: z.string() }), header: z.object({ 'If-Match': z.string() }) },
				requestBody: { required: true, content: body(RuleChange) },
				responses: {
					'200': { description: 'changed', content: body(Rule) },
					...failures,
					'404': failure('does not exist'),
					'412': failure('somebody changed it'),
					'428': failure('If-Match is missing')
				}
			}
		},
		'/api/v1/screens': {
			get: answer(z.object({ screens: z.array(Screen) }), { summary: 'Wall screens, and how each is set' })
		},
		'/api/v1/screens/{name}': {
			patch: {
				summary: 'Set a screen that nobody has set meanwhile; it follows at once',
				requestParams: { path: z.object({ name: z.string() }), header: z.object({ 'If-Match': z.string() }) },
				requestBody: { required: true, content: body(ScreenChange) },
				responses: {
					'200': { description: 'set', content: body(Screen) },
					...failures,
					'404': failure('does not exist'),
					'412': failure('somebody changed it'),
					'428': failure('If-Match is missing')
				}
			}
		},
		'/api/v1/campaigns': {
			get: answer(z.object({ campaigns: z.array(Campaign), next }), {
				summary: 'What shares infrastructure or behaviour across sectors or constituents, the newest first',
				requestParams: { query: limits.extend({ state: z.enum(['live', 'open', 'quiet', 'dismissed']).optional() }) }
			})
		},
		'/api/v1/campaigns/{id}': {
			get: answer(Spread, {
				summary: 'A campaign with its spread over time; one that became part of another answers with that',
				requestParams: { path: id('such as C-12') }
			}),
			patch: campaign('Name, dismiss or reopen a campaign', CampaignChange)
		},
		'/api/v1/campaigns/{id}/merge': { post: campaign('Make other campaigns part of this one', Merge) },
		'/api/v1/campaigns/{id}/split': {
			post: campaign('Make a campaign of its own of some of its values; answers with that', Split, '201')
		},
		'/api/v1/outbound': {
			get: answer(Outbound, {
				summary: 'What networks of ours were seen to do to others, by network and type, with the figures on the norms',
				requestParams: { query: Asked.extend(page(1000)) }
			})
		},
		'/api/v1/notices': {
			get: answer(z.object({ notices: z.array(Notice), next }), {
				summary: 'What was told, asked and received, the latest first',
				requestParams: { query: AskedNotices.extend(page(1000)) }
			}),
			post: {
				summary: 'Record what was told, asked or received',
				requestBody: { required: true, content: body(NewNotice) },
				responses: { '201': { description: 'recorded', content: body(Notice) }, ...failures }
			}
		},
		'/api/v1/notices/{id}': {
			patch: {
				summary: 'Record what became of a notice that nobody has changed meanwhile; null takes a step back',
				requestParams: one,
				requestBody: { required: true, content: body(NoticeChange) },
				responses: {
					'200': { description: 'recorded', content: body(Notice) },
					...failures,
					'404': failure('does not exist'),
					'412': failure('somebody changed it'),
					'428': failure('If-Match is missing')
				}
			}
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
