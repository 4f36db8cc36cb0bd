import { hash } from 'node:crypto';
import { normalise, type Kind } from '$lib/core/observable';
import { label, TLPS, type Tlp } from '$lib/core/tlp';
import type { Observation } from '../../store/observation';
import { cutAt, iso, type About, type Writer } from './about';

/** Namespace of the ids of observables (STIX 2.1, 2.9), and one of ours for what we say ourselves. */
const OBSERVABLE = '00abedb4-aa42-466c-9c01-fed23315a9b7';
const OURS = '3f0b6d52-2f7e-5c0e-9a56-7a1f6a0c4d11';

/** A UUID of version 5 (RFC 9562). */
export function uuid5(namespace: string, name: string): string {
	const bytes = Buffer.from(
		hash('sha1', Buffer.concat([Buffer.from(namespace.replaceAll('-', ''), 'hex'), Buffer.from(name)]), 'hex'),
		'hex'
	);
	bytes[6] = (bytes[6]! & 0x0f) | 0x50;
	bytes[8] = (bytes[8]! & 0x3f) | 0x80;
	const h = bytes.toString('hex', 0, 16);
	return `${h.slice(0, 8)}-${h.slice(8, 12)}-${h.slice(12, 16)}-${h.slice(16, 20)}-${h.slice(20)}`;
}

/** The marking definitions of TLP 2.0, with the ids that the STIX extension of OASIS gave them. */
const EXTENSION = 'extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d';
const MARKINGS = new Map<Tlp, string>([
	['clear', 'marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487'],
	['green', 'marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb'],
	['amber', 'marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421'],
	['amber+strict', 'marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003'],
	['red', 'marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1']
]);
const marking = (tlp: Tlp) => ({
	type: 'marking-definition',
	spec_version: '2.1',
	id: MARKINGS.get(tlp)!,
	created: '2022-10-01T00:00:00.000Z',
	name: label(tlp),
	extensions: { [EXTENSION]: { extension_type: 'property-extension', tlp_2_0: tlp } }
});
const BORN = '2026-01-01T00:00:00.000Z';

type Observable = { type: string; id: string } & Record<string, unknown>;

/** An observable, with the id that everybody gives it: of what its kind is identified by, in the one form of JSON (RFC 8785). */
const observable = (type: string, property: string, value: string | number, more = {}): Observable => ({
	type,
	spec_version: '2.1',
	id: `${type}--${uuid5(OBSERVABLE, JSON.stringify({ [property]: value }))}`,
	[property]: value,
	...more
});

/** A value as STIX has it, if it is one. */
function valued(kind: Kind, text: string | null): Observable[] {
	const found = text === null ? undefined : normalise(kind, text);
	return found && ['ipv4-addr', 'ipv6-addr', 'domain-name', 'url'].includes(found.kind)
		? [observable(found.kind, 'value', found.value)]
		: [];
}

/** What was seen; where it was nothing that STIX has a kind for, the record as it came. */
function seen(o: Observation): Observable[] {
	const all = [
		...valued('ipv4-addr', o.sourceIp),
		...valued('ipv4-addr', o.destinationIp),
		...valued('domain-name', o.fqdn),
		...valued('url', o.url),
		...(o.sourceAsn === null ? [] : [observable('autonomous-system', 'number', o.sourceAsn)])
	];
	if (!all.length)
		all.push(
			observable('artifact', 'payload_bin', Buffer.from(o.raw).toString('base64'), { mime_type: 'application/json' })
		);
	return [...new Map(all.map((one) => [one.id, one])).values()];
}

/** Observables that are remembered, so that each stands once: a bundle of more may name one again. */
const REMEMBERED = 100_000;

/**
 * A bundle of STIX 2.1: the definitions of TLP 2.0, who made it, an `observed-data` for each observation with its
 * observables, and a note that says what this is and whether it was cut. The same observation has the same ids in every
 * export. An observable carries the marking with which it is first named.
 */
export function stix(): Writer {
	let about: About;
	let maker: string;
	const known = new Set<string>();
	return {
		type: 'application/stix+json;version=2.1',
		extension: 'stix.json',
		begin(a) {
			about = a;
			const name = `Watchfloor${a.exercise ? ' (EXERCISE)' : ''}`;
			maker = `identity--${uuid5(OURS, name)}`;
			const identity = {
				type: 'identity',
				spec_version: '2.1',
				id: maker,
				created: BORN,
				modified: BORN,
				name,
				identity_class: 'system'
			};
			const first = [...TLPS.map(marking), identity].map((o) => JSON.stringify(o)).join(',\n');
			return `{"type":"bundle","id":"bundle--${crypto.randomUUID()}","objects":[\n${first}`;
		},
		page: (all) =>
			all
				.map((o) => {
					const refs = [MARKINGS.get(o.tlp)!];
					const observables = seen(o);
					const at = iso(o.observed);
					const fresh = observables.filter((one) => !known.has(one.id));
					if (known.size > REMEMBERED) known.clear();
					for (const one of fresh) known.add(one.id);
					const data = {
						type: 'observed-data',
						spec_version: '2.1',
						id: `observed-data--${uuid5(OURS, o.id)}`,
						created_by_ref: maker,
						created: at,
						modified: at,
						first_observed: at,
						last_observed: at,
						number_observed: 1,
						object_refs: observables.map((one) => one.id),
						labels: [
							...(about.exercise ? ['exercise'] : []),
							...(['class', 'type', 'severity', 'direction', 'sector', 'province', 'source'] as const).map(
								(name) => `${name}:${o[name]}`
							)
						],
						object_marking_refs: refs
					};
					return [...fresh.map((one) => ({ ...one, object_marking_refs: refs })), data]
						.map((object) => ',\n' + JSON.stringify(object))
						.join('');
				})
				.join(''),
		end({ rows, cut }) {
			const at = new Date(about.made).toISOString();
			const note = {
				type: 'note',
				spec_version: '2.1',
				id: `note--${crypto.randomUUID()}`,
				created_by_ref: maker,
				created: at,
				modified: at,
				abstract: `${about.exercise ? 'EXERCISE. ' : ''}Watchfloor observations, ${label(about.marking)}`,
				content: `${rows} observations, the newest first. ${cut ? cutAt(about.most) : 'These are all of the slice.'}`,
				object_refs: [maker],
				object_marking_refs: [MARKINGS.get(about.marking)!]
			};
			return `,\n${JSON.stringify(note)}\n]}\n`;
		}
	};
}
