import { expect, it } from 'vitest';
import { clues, type Report } from './clue';

const report = (more: Partial<Report>): Report => ({
	type: 'infected-system',
	class: 'malicious-code',
	sourceIp: '203.0.113.9',
	sourcePort: 51_000,
	destinationIp: '192.0.2.7',
	destinationPort: 8443,
	fqdn: null,
	malware: null,
	carried: null,
	...more
});
const values = (more: Partial<Report>, own = 'bank.example') =>
	clues(report(more), (name) => name === own || name.endsWith(`.${own}`)).map((c) => `${c.kind} ${c.value}`);

it('the controller of an infected system is a clue, the infected system is none', () => {
	expect(values({})).toEqual(['ipv4-addr 192.0.2.7']);
});

it('the place that phishing is served from is a clue, and so is its name', () => {
	expect(values({ type: 'phishing', fqdn: 'Login.Evil.Example.' })).toEqual([
		'ipv4-addr 203.0.113.9',
		'domain-name login.evil.example'
	]);
});

it("a constituent's own names are none of the names it is known by", () => {
	expect(values({ fqdn: 'www.bank.example', carried: ['cdn.evil.example'] })).toEqual([
		'ipv4-addr 192.0.2.7',
		'domain-name cdn.evil.example'
	]);
});

it('hashes are clues, e-mail addresses of people are none', () => {
	expect(values({ destinationIp: null, carried: ['a'.repeat(64), 'someone@evil.example'] })).toEqual([
		`sha-256 ${'a'.repeat(64)}`
	]);
});

it('a family is a behaviour with the port of its controller', () => {
	expect(values({ malware: ' Tin-Drum ' })).toContain('behaviour infected-system tin-drum port 8443');
	expect(values({ type: 'malware-distribution', malware: 'tin-drum' })).toContain(
		'behaviour malware-distribution tin-drum'
	);
});

it('scans, floods and private addresses tie nothing together', () => {
	for (const type of ['scanner', 'ddos', 'ids-alert', 'brute-force', 'vulnerable-system', 'blacklist', 'test'])
		expect(values({ type, fqdn: 'a.example', malware: 'x' }), type).toEqual([]);
	for (const destinationIp of ['10.0.0.1', '127.0.0.1', '224.0.0.1', 'fe80::1', '::ffff:10.0.0.1'])
		expect(values({ destinationIp }), destinationIp).toEqual([]);
});

it('a list of names in one report is cut', () => {
	expect(values({ carried: Array.from({ length: 100 }, (_, i) => `h${i}.example`) })).toHaveLength(16);
});
