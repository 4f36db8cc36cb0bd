import { describe, expect, it } from 'vitest';
import { TYPES } from '$lib/core/rsit';
import type { Report } from '../format';
import { intelmq } from './intelmq';

const read = (more: object): Report => {
	const item = intelmq.one(
		Buffer.from(
			JSON.stringify({ 'time.source': '2019-01-02T03:04:05+00:00', 'classification.type': 'phishing', ...more })
		)
	);
	if (item.kind !== 'report') throw new Error(JSON.stringify(item));
	return item.report;
};

describe('an event of an older IntelMQ', () => {
	const spellings = new Map(TYPES.flatMap((t) => [t.slug, ...t.aliases].map((name) => [name, t.slug])));
	it.each([
		['backdoor', 'system-compromise'],
		['botnet drone', 'infected-system'],
		['c&c', 'c2-server'],
		['c2server', 'c2-server'],
		['compromised', 'system-compromise'],
		['ddos amplifier', 'ddos-amplifier'],
		['defacement', 'unauthorised-information-modification'],
		['dga domain', 'dga-domain'],
		['dropzone', 'data-leak'],
		['ids alert', 'ids-alert'],
		['infected system', 'infected-system'],
		['leak', 'data-leak'],
		['malware configuration', 'malware-configuration'],
		['ransomware', 'infected-system'],
		['scanner', 'scanner'],
		['social engineering', 'social-engineering'],
		['unauthorized-command', 'system-compromise'],
		['unauthorized-login', 'unprivileged-account-compromise'],
		['unknown', 'undetermined'],
		['vulnerable client', 'vulnerable-system'],
		['vulnerable service', 'vulnerable-system']
	])('of type %j is %s', (type, slug) => expect(spellings.get(read({ 'classification.type': type }).type!)).toBe(slug));

	it('has its country of the database of its time, unless it has one of its own', () => {
		expect(read({ 'source.geolocation.geoip_cc': 'pk' }).source.country).toBe('PK');
		expect(read({ 'source.geolocation.geoip_cc': 'pk', 'source.geolocation.cc': 'AT' }).source.country).toBe('AT');
		expect(read({ 'destination.geolocation.geoip_cc': 'PK' }).destination.country).toBe('PK');
	});

	it('may have fields that are no more, and extra as a text', () => {
		const r = read({
			'feed.accuracy': 100,
			'misp.event_uuid': 'f47ac10b-58cc-4372-a567-0e02b2c3d479',
			'misp.attribute_uuid': '',
			'malware.version': 1.1,
			extra: '{"sector": "telecom", "severity": "high"}'
		});
		expect([r.sector, r.severity]).toEqual(['telecom', 'high']);
		expect(read({ extra: 'not JSON' }).sector).toBeUndefined();
	});
});
