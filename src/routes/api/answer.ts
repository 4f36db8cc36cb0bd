import { z } from 'zod';
import { STATUSES } from '$lib/core/incident';
import { KINDS } from '$lib/core/observable';
import { BANDS, CAUSES } from '$lib/core/posture';
import { LEVELS, SEVERITIES } from '$lib/core/severity';
import { TLPS } from '$lib/core/tlp';

/** What the HTTP interface answers. */

export const seconds = z.number().meta({ description: 'epoch seconds (UTC)' });
export const iso = z.string().meta({ description: 'ISO 8601, UTC' });
export const tlp = z.enum(TLPS);
export const next = z.string().nullable().meta({ description: 'cursor of the next page; null: this is the last' });
export const id = (about: string) => z.object({ id: z.string().meta({ description: about }) });

export const Problem = z
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
export const Incident = z
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
export const Delivery = z
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
export const Observation = z
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
export const Held = z
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
export const Source = z
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
		lastErrorAt: seconds.nullable(),
		fetch: z
			.object({
				kind: z.string(),
				from: z.string(),
				running: z.boolean(),
				next: seconds,
				success: seconds.nullable(),
				failures: z.number().int()
			})
			.nullable()
	})
	.meta({ id: 'Source' });
export const Level = z
	.object({ level: z.enum(LEVELS), reason: z.string(), by: z.string(), since: seconds, until: seconds.nullable() })
	.meta({ id: 'Level' });
export const LevelOfHistory = Level.extend({
	id: z.number().int(),
	withdrawn: z.object({ at: seconds, by: z.string(), reason: z.string() }).nullable(),
	ended: seconds.nullable().meta({ description: 'when it was replaced, taken back or over, or will be' })
}).meta({ id: 'LevelOfHistory' });
export const Indicator = z
	.object({
		id: z.uuid(),
		kind: z.enum(KINDS),
		value: z.string(),
		tlp,
		actionable: z.boolean().meta({ description: 'somebody says to look for it, and has not withdrawn that' }),
		withdrawn: z.boolean().meta({ description: 'all who said so have withdrawn it' }),
		partial: z.boolean().meta({ description: 'only as one part of a pattern that asks for several values' }),
		confidence: z.number().nullable().meta({ description: '0 to 100, the highest of the claims' }),
		validFrom: seconds.nullable(),
		validUntil: seconds.nullable(),
		sources: z.number().int().meta({ description: 'sources that say so' }),
		warnings: z.array(z.string()).meta({ description: 'lists of values known to be good that hold it' }),
		lookedAt: seconds.nullable().meta({ description: 'when earlier observations were searched for it; null: not yet' })
	})
	.meta({ id: 'Indicator' });
const place = { province: z.string(), sector: z.string(), count: z.number() };
export const Dossier = Indicator.extend({
	count: z.number(),
	first: seconds.nullable(),
	last: seconds.nullable(),
	claims: z.array(
		z.object({
			source: z.string(),
			kind: z.string(),
			key: z.string(),
			name: z.string().nullable(),
			group: z.string().nullable(),
			tlp,
			actionable: z.boolean(),
			partial: z.boolean(),
			revoked: z.boolean(),
			confidence: z.number().nullable(),
			validFrom: seconds.nullable(),
			validUntil: seconds.nullable(),
			modified: seconds.nullable()
		})
	),
	statements: z.array(
		z.object({
			source: z.string(),
			verdict: z.enum(['seen', 'false-positive', 'expired']),
			count: z.number(),
			first: seconds.nullable(),
			last: seconds.nullable(),
			tlp
		})
	),
	spread: z.array(z.object({ ...place, first: seconds, last: seconds })),
	sightings: z.array(z.object({ at: seconds, source: z.string(), type: z.string(), ...place })),
	hits: z.array(z.object({ constituent: z.string().nullable(), ...place, first: seconds, last: seconds })),
	beside: z.array(
		z.object({
			id: z.uuid(),
			kind: z.string(),
			value: z.string(),
			how: z.enum(['observation', 'report']),
			count: z.number()
		})
	)
}).meta({ id: 'Dossier' });
const contribution = z.object({
	key: z.string(),
	cause: z.enum(CAUSES),
	points: z.number().int().meta({ description: 'below zero; those of an index add up to its value less 100' }),
	text: z.string(),
	since: seconds.nullable(),
	href: z.string().nullable()
});
const index = {
	value: z.number().int().nullable().meta({ description: '0 to 100; null: unknown, and `unknown` says why' }),
	band: z.enum(BANDS).nullable(),
	since: seconds,
	unknown: z.string().nullable(),
	note: z.string().nullable(),
	contributions: z.array(contribution)
};
export const PostureIndex = z
	.object({
		version: z.number().int().meta({ description: 'of the proposed formula' }),
		at: seconds,
		nation: z.object(index).nullable(),
		sectors: z.array(z.object({ sector: z.string(), ...index })),
		withheld: z.string().nullable().meta({ description: 'why a scope does not get all of it' })
	})
	.meta({ id: 'PostureIndex', description: 'the posture index of the nation and of each sector, with its reasons' });
export const Posture = z.object({
	seq: z.number().int(),
	at: iso,
	level: Level.nullable(),
	posture: PostureIndex.nullable().meta({ description: 'null: none was made yet' }),
	incidents: z.object({ open: z.number(), overdue: z.number(), bySeverity: z.record(z.string(), z.number()) }),
	observations: z.object({ from: iso, total: z.number(), bySector: z.record(z.string(), z.number()) }),
	sources: z.object({ total: z.number(), onTime: z.number(), late: z.number(), silent: z.number() })
});
