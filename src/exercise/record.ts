import type { Random } from './random';
import type { Organisation } from './organisation';

/** The harmonised fields of one report (IntelMQ data harmonisation, flat keys). */
export type Fields = Record<string, string | number>;

const MALWARE = ['sample-stealer', 'paper-lantern', 'grey-heron', 'mock-loader', 'tin-drum', 'dummy-rat'];
const PRODUCTS = [
	'Specimen VPN gateway',
	'Mock mail server',
	'Sample web portal',
	'Example firewall console',
	'Model hypervisor',
	'Trial print server'
];
const SERVICES: [name: string, port: number, transport: 'tcp' | 'udp'][] = [
	['ssh', 22, 'tcp'],
	['telnet', 23, 'tcp'],
	['http', 80, 'tcp'],
	['https', 443, 'tcp'],
	['smb', 445, 'tcp'],
	['rdp', 3389, 'tcp'],
	['mssql', 1433, 'tcp'],
	['http-alt', 8080, 'tcp'],
	['sip', 5060, 'udp'],
	['modbus', 502, 'tcp']
];
const AMPLIFIERS: [name: string, port: number][] = [
	['dns', 53],
	['ntp', 123],
	['snmp', 161],
	['ssdp', 1900],
	['cldap', 389],
	['memcached', 11211]
];
const HOSTS = ['www', 'mail', 'vpn', 'portal', 'api', 'remote', 'files', 'ns1'];
const LURES = ['login', 'refund', 'parcel', 'payroll', 'verify', 'invoice'];
const SIGNATURES = [
	'SQL injection in a query string',
	'Path traversal',
	'Suspicious user agent',
	'Beacon-like HTTPS interval',
	'DNS tunnel pattern',
	'Outdated TLS hello',
	'SMB enumeration',
	'Web shell probe'
];

/** An address of the ranges that RFC 5737 and RFC 3849 keep for documentation: `ours` is the network watched. */
export function address(random: Random, ours: boolean): string {
	if (random.next() < 0.06)
		return `2001:db8:${ours ? 'a' : 'f'}${random.int(0, 255).toString(16)}::${random.int(1, 65_535).toString(16)}`;
	if (ours) return `${random.next() < 0.5 ? '203.0.113' : '198.51.100'}.${random.int(1, 254)}`;
	return `192.0.2.${random.int(1, 254)}`;
}

type Side = 'source' | 'destination';

/** One end that is ours: an address in Pakistan, the ASN and a host of its organisation. */
function ours(fields: Fields, side: Side, random: Random, who: Organisation): void {
	fields[`${side}.ip`] = address(random, true);
	fields[`${side}.geolocation.cc`] = 'PK';
	fields[`${side}.asn`] = who.asn;
	if (random.next() < 0.45) fields[`${side}.fqdn`] = `${random.of(HOSTS)}.${who.domain}`;
}

function service(fields: Fields, side: Side, random: Random): string {
	const [name, port, transport] = random.of(SERVICES);
	fields[`${side}.port`] = port;
	fields['protocol.transport'] = transport;
	fields['protocol.application'] = name;
	return name;
}

/** Something reaches us, now and then from within: no country is given for any other network. */
function inbound(fields: Fields, random: Random, who: Organisation): void {
	const within = random.next() < 0.05;
	fields['source.ip'] = address(random, within);
	if (within) fields['source.geolocation.cc'] = 'PK';
	fields['source.port'] = random.int(1024, 65_535);
	ours(fields, 'destination', random, who);
}

/** Something of ours that others could suffer from. */
function outbound(fields: Fields, random: Random, who: Organisation): void {
	ours(fields, 'source', random, who);
}

const cve = (random: Random) => `CVE-2026-${random.int(90_000, 99_999)}`;

type Fill = (fields: Fields, random: Random, who: Organisation) => void;

const exposed =
	(what: string): Fill =>
	(f, r, who) => {
		outbound(f, r, who);
		const name = service(f, 'source', r);
		f['event_description.text'] = `${what}: ${name} on port ${f['source.port']}`;
	};
const attempt =
	(what: string): Fill =>
	(f, r, who) => {
		inbound(f, r, who);
		f['event_description.text'] = `${what} on ${service(f, 'destination', r)} at ${who.name}`;
	};
const mail =
	(what: string): Fill =>
	(f, r, who) => {
		inbound(f, r, who);
		f['source.fqdn'] = `${r.of(LURES)}-${r.int(1, 400)}.invalid`;
		f['source.url'] = `https://${f['source.fqdn']}/${r.of(LURES)}/${r.int(1000, 9999)}`;
		f['event_description.text'] = `${what} aimed at ${who.name}`;
	};
const account =
	(what: string): Fill =>
	(f, r, who) => {
		inbound(f, r, who);
		f['event_description.text'] = `${what} at ${who.name}`;
	};
const named: Fill = (f, r, who) => {
	outbound(f, r, who);
	f['malware.name'] = r.of(MALWARE);
	f['destination.ip'] = address(r, false);
	f['destination.port'] = r.of([443, 8443, 4444, 53]);
	f['event_description.text'] = `Traffic of ${f['malware.name']} from ${who.name}`;
};

/** What a report of each type holds beside its type, time and place. */
const FILL: Record<string, Fill> = {
	'vulnerable-system': (f, r, who) => {
		outbound(f, r, who);
		service(f, 'source', r);
		const id = cve(r);
		f['extra.cve'] = id;
		f['event_description.text'] = `${r.of(PRODUCTS)} open to ${id} at ${who.name}`;
	},
	'potentially-unwanted-accessible': exposed('Accessible from anywhere'),
	'weak-crypto': exposed('Accepts an obsolete TLS version'),
	'information-disclosure': exposed('Shows internal details'),
	'ddos-amplifier': (f, r, who) => {
		outbound(f, r, who);
		const [name, port] = r.of(AMPLIFIERS);
		f['source.port'] = port;
		f['protocol.transport'] = 'udp';
		f['event_description.text'] = `Open ${name} responder, amplification ${r.int(4, 60)}x`;
	},
	scanner: attempt('Scan'),
	'ids-alert': (f, r, who) => {
		inbound(f, r, who);
		service(f, 'destination', r);
		f['event_description.text'] = r.of(SIGNATURES);
	},
	'brute-force': attempt('Password guessing'),
	exploit: attempt('Exploit attempt'),
	ddos: attempt('Flood'),
	'infected-system': named,
	'dga-domain': named,
	'c2-server': (f, r, who) => {
		outbound(f, r, who);
		f['malware.name'] = r.of(MALWARE);
		f['source.port'] = r.of([443, 8443, 4444]);
		f['event_description.text'] = `Controller of ${f['malware.name']} on a hosted machine`;
	},
	'malware-distribution': (f, r, who) => {
		mail('Malware download')(f, r, who);
		f['malware.name'] = r.of(MALWARE);
	},
	phishing: mail('Phishing page'),
	masquerade: mail('Look-alike page'),
	spam: mail('Unwanted mail'),
	'social-engineering': mail('Pretext message'),
	misconfiguration: exposed('Misconfigured service'),
	copyright: exposed('Shared copy'),
	proxy: exposed('Open proxy'),
	tor: exposed('Tor relay'),
	blacklist: exposed('Listed address'),
	'harmful-speech': account('Abusive posts'),
	'unprivileged-account-compromise': account('Stolen account used'),
	'application-compromise': account('Compromised application'),
	'system-compromise': account('Compromised system'),
	'data-leak': account('Leaked records offered'),
	'unauthorised-information-modification': account('Defaced page'),
	'unauthorized-use-of-resources': account('Resources used without leave'),
	outage: account('Service outage'),
	test: account('Heartbeat')
};

/** Adds to `fields` what a report of `type` about `who` holds. */
export const fill = (fields: Fields, type: string, random: Random, who: Organisation): void =>
	(FILL[type] ?? account('Report'))(fields, random, who);
