import { HOUR, MINUTE } from '../lib/core/clock';
import type { Status } from '../lib/core/incident';
import type { Level } from '../lib/core/severity';
import type { Tlp } from '../lib/core/tlp';
import { Random } from './random';

/** An invented case, in the shape in which the API opens one; `openedAgo` is seconds before `now`. */
export type ExerciseIncident = {
	title: string;
	summary: string;
	type: string;
	severity: Level;
	sector: string | null;
	province: string | null;
	team: string;
	tlp: Tlp;
	status: Status;
	openedAgo: number;
};

type Row = [
	title: string,
	summary: string,
	type: string,
	severity: Level,
	sector: string | null,
	province: string | null,
	team: string,
	tlp: Tlp,
	status: Status,
	hours: number
];

// prettier-ignore
const ROWS: Row[] = [
	['Mobile core signalling flood', 'Signalling links at one operator are saturated. Filters are being agreed with the operator.', 'ddos', 'severe', 'telecom', 'PK-IS', 'ntcert', 'amber', 'triage', 0.2],
	['Credential theft at four banks, shared C2', 'The same controller address and domain at four banks and a telecom operator. Blocks have been sent out.', 'infected-system', 'severe', 'banking', 'PK-SD', 'fincert', 'amber', 'contain', 0.7],
	['Ministry mail relay sending phishing abroad', 'A relay accepts mail from anyone. Reported by a partner CERT.', 'phishing', 'high', 'government', 'PK-IS', 'federal-cert', 'amber', 'contain', 3.3],
	['Exposed SCADA gateway, KEV listed', 'The vendor fix exists; a maintenance window is being arranged.', 'vulnerable-system', 'high', 'energy', 'PK-PB', 'cii-cert', 'amber', 'contain', 5],
	['Defaced provincial portal', 'The page is restored; the content management system is being rebuilt.', 'unauthorised-information-modification', 'medium', 'government', 'PK-KP', 'kp-cert', 'green', 'recover', 11.8],
	['Hospital records system encrypted (ransomware)', 'Admissions run on paper. Backups from two days ago are intact.', 'system-compromise', 'high', 'health', 'PK-PB', 'punjab-cert', 'amber', 'eradicate', 20],
	['Stolen accounts at a payment processor', 'Eleven staff accounts were used from unusual networks. Sessions ended, passwords renewed.', 'unprivileged-account-compromise', 'high', 'banking', 'PK-SD', 'fincert', 'amber', 'eradicate', 16],
	['Airport display controller reachable from outside', 'Access is now limited; logs are being read for earlier use.', 'potentially-unwanted-accessible', 'high', 'aviation', 'PK-SD', 'cii-cert', 'amber', 'recover', 22],
	['Web shells on a hosting cluster', 'Forty sites share one outdated plug-in.', 'application-compromise', 'medium', 'it', 'PK-PB', 'ncert', 'green', 'eradicate', 30],
	['Open resolvers used for amplification', 'Two access networks answer anyone. Owners were told.', 'ddos-amplifier', 'medium', 'telecom', 'PK-PB', 'ntcert', 'green', 'contain', 41],
	['Look-alike tax refund pages', 'Six pages, four already taken down.', 'phishing', 'medium', 'government', null, 'federal-cert', 'green', 'contain', 9],
	['Password guessing against university VPN', 'Second factor is being enforced.', 'brute-force', 'low', 'education', 'PK-SD', 'sindh-cert', 'green', 'contain', 27],
	['Leaked customer list offered for sale', 'A sample of 200 rows is being checked against the operator.', 'data-leak', 'high', 'telecom', 'PK-SD', 'ntcert', 'amber', 'triage', 6],
	['Water utility pump panel misconfigured', 'The panel accepted a default password. Nothing was changed.', 'misconfiguration', 'medium', 'water', 'PK-PB', 'cii-cert', 'amber', 'recover', 52],
	['Infected workstations at a news desk', 'Seven machines beacon to a domain on the watch list.', 'infected-system', 'medium', 'media', 'PK-SD', 'ncert', 'green', 'eradicate', 33],
	['Outdated mail gateways at district offices', 'Fourteen gateways, nine patched so far.', 'vulnerable-system', 'medium', 'government', 'PK-BA', 'balochistan-cert', 'green', 'contain', 64],
	['Suspicious firmware on substation relays', 'Two relays report a version that the vendor does not know.', 'sabotage', 'high', 'energy', 'PK-SD', 'cii-cert', 'amber+strict', 'triage', 8],
	['Spear phishing at a logistics command', 'Nine recipients, no one opened the attachment.', 'social-engineering', 'medium', 'defence', 'PK-PB', 'ncert', 'amber+strict', 'contain', 15],
	['Ticketing service outage after failed update', 'Service is back; the cause is under review.', 'outage', 'low', 'transport', 'PK-PB', 'punjab-cert', 'green', 'recover', 19],
	['Malware hosted on a school server', 'The server is offline until it is rebuilt.', 'malware-distribution', 'low', 'education', 'PK-KP', 'kp-cert', 'clear', 'eradicate', 71],
	['Exposed patient scheduling database', 'No password was set. Access closed within the hour; extent unknown.', 'unauthorised-information-access', 'medium', 'health', 'PK-IS', 'ncert', 'amber', 'recover', 46],
	['Domain look-alikes of a microfinance bank', 'Registrars were asked to suspend three names.', 'masquerade', 'low', 'banking', 'PK-PB', 'fincert', 'green', 'contain', 88],
	['Textile mill controllers scanned daily', 'The same network for a week. Filter in place, watching.', 'scanner', 'low', 'industry', 'PK-PB', 'ncert', 'green', 'contain', 121],
	['Default SNMP communities at an access network', 'About 900 devices; the operator renews them in rounds.', 'information-disclosure', 'low', 'telecom', 'PK-KP', 'ntcert', 'green', 'eradicate', 170],
	['Cargo booking portal under request flood', 'Rate limits hold. Short peaks each night.', 'dos', 'medium', 'transport', 'PK-SD', 'ncert', 'green', 'contain', 25],
	['Compromised administrator at a cloud reseller', 'Tenant access is being reviewed one by one.', 'privileged-account-compromise', 'high', 'it', 'PK-IS', 'ncert', 'amber', 'contain', 13],
	['Weak TLS at examination board', 'A new certificate is ordered.', 'weak-crypto', 'baseline', 'education', 'PK-JK', 'ncert', 'clear', 'contain', 240],
	['Abusive messages through a complaint form', 'The form is closed until it has a limit.', 'harmful-speech', 'baseline', 'government', 'PK-PB', 'punjab-cert', 'clear', 'recover', 55],
	['Grain storage sensors answer to anyone', 'Forty sensors; the maker has been told.', 'potentially-unwanted-accessible', 'low', 'agriculture', 'PK-PB', 'ncert', 'green', 'triage', 36],
	['Regional exchange router misconfigured', 'Routes leaked for 20 minutes. Filters added.', 'misconfiguration', 'medium', 'telecom', 'PK-GB', 'ntcert', 'amber', 'recover', 60],
	['Phishing kit on a municipal site', 'Kit removed, accounts renewed, logs preserved.', 'phishing', 'low', 'government', 'PK-SD', 'sindh-cert', 'green', 'recover', 97],
	['Unpatched remote access at provincial treasury', 'KEV listed; a fix is planned for the weekend.', 'vulnerable-system', 'high', 'government', 'PK-BA', 'balochistan-cert', 'amber', 'contain', 18],
	['Crypto miner on research cluster', 'Two nodes isolated.', 'unauthorized-use-of-resources', 'low', 'education', 'PK-IS', 'ncert', 'green', 'eradicate', 140],
	['Open proxy pool on customer lines', 'Old home routers; firmware notice sent to the operator.', 'proxy', 'low', 'telecom', null, 'ntcert', 'green', 'contain', 456],
	['Flight planning mailbox rule abuse', 'A hidden forwarding rule was removed. Reading of logs goes on.', 'unprivileged-account-compromise', 'medium', 'aviation', 'PK-PB', 'cii-cert', 'amber', 'eradicate', 28],
	['Report of strange traffic, not yet understood', 'Sent in by a citizen; a first look is pending.', 'undetermined', 'baseline', null, null, 'ncert', 'green', 'new', 1.5],
	['New look-alike pages of a parcel service', 'Reported by three people this hour.', 'phishing', 'medium', 'transport', 'PK-IS', 'ncert', 'green', 'new', 0.4],
	['Brute force against regional hospital gateway', 'Just reported by the hospital.', 'brute-force', 'low', 'health', 'PK-KP', 'kp-cert', 'green', 'new', 0.9],

	['Leaked staff passwords at a broadcaster', 'Renewed; no use was found.', 'data-leak', 'medium', 'media', 'PK-IS', 'ncert', 'green', 'closed', 130],
	['Flood against exam results site', 'Ended by itself after four hours; capacity was added.', 'ddos', 'medium', 'education', 'PK-PB', 'punjab-cert', 'green', 'closed', 210],
	['Infected kiosks at a bus terminal', 'Reimaged.', 'infected-system', 'low', 'transport', 'PK-SD', 'sindh-cert', 'green', 'closed', 175],
	['Defaced district page', 'Restored, plug-in removed.', 'unauthorised-information-modification', 'low', 'government', 'PK-PB', 'punjab-cert', 'clear', 'closed', 300],
	['Exposed billing database', 'Closed and notified.', 'unauthorised-information-access', 'high', 'energy', 'PK-KP', 'cii-cert', 'amber', 'closed', 340],
	['Controller on a rented server', 'Taken down by the hoster in 31 hours.', 'c2-server', 'high', 'it', 'PK-PB', 'ncert', 'green', 'closed', 260],
	['Spam wave from a city network', 'Relay closed.', 'spam', 'low', 'government', 'PK-SD', 'sindh-cert', 'clear', 'closed', 400]
];

/**
 * The cases of the exercise: what is open at `now` (epoch seconds) and some that are closed, oldest first, so that
 * their numbers grow with time. Ages vary a little with the seed and the hour.
 */
export function incidents(seed: number, now: number): ExerciseIncident[] {
	const random = new Random(seed, 'incidents', Math.floor(now / HOUR));
	return ROWS.map(([title, summary, type, severity, sector, province, team, tlp, status, hours]) => ({
		title,
		summary,
		type,
		severity,
		sector,
		province,
		team,
		tlp,
		status,
		openedAgo: Math.round((hours * HOUR * (0.9 + 0.2 * random.next())) / MINUTE) * MINUTE
	})).sort((a, b) => b.openedAgo - a.openedAgo);
}

// prettier-ignore
const LATER: [title: string, summary: string, type: string, severity: Level, sector: string, team: string, tlp: Tlp][] = [
	['Look-alike page of a savings bank', 'Two pages reported by customers.', 'phishing', 'medium', 'banking', 'fincert', 'green'],
	['Beacons from a branch network', 'Three machines call a domain on the watch list.', 'infected-system', 'medium', 'banking', 'fincert', 'amber'],
	['Scan of substation gateways', 'Slow, from many addresses; nothing answered.', 'scanner', 'low', 'energy', 'cii-cert', 'amber'],
	['Flood against a subscriber portal', 'Mitigation is on; customers notice little.', 'ddos', 'high', 'telecom', 'ntcert', 'amber'],
	['Suspicious mailbox rules at a ministry', 'Found in a routine check of two accounts.', 'unprivileged-account-compromise', 'medium', 'government', 'federal-cert', 'amber'],
	['Exposed print servers at a campus', 'Eleven machines answer to anyone.', 'potentially-unwanted-accessible', 'low', 'education', 'ncert', 'green'],
	['Password guessing at a clinic', 'Accounts lock as they should.', 'brute-force', 'low', 'health', 'ncert', 'green'],
	['Web application under probe', 'Repeated injection attempts; the filter holds.', 'exploit', 'medium', 'it', 'ncert', 'green'],
	['Unwanted mail from a city relay', 'The relay is being closed.', 'spam', 'low', 'government', 'ncert', 'clear'],
	['Default password on a pumping station panel', 'Found by the weekly scan.', 'misconfiguration', 'medium', 'water', 'cii-cert', 'amber'],
	['Leaked press accounts', 'Nine addresses with passwords on a paste page.', 'data-leak', 'low', 'media', 'ncert', 'green'],
	['Booking engine slow under load', 'Requests come from one network; a limit is set.', 'dos', 'low', 'aviation', 'ncert', 'green']
];

const HOMES = ['PK-PB', 'PK-PB', 'PK-SD', 'PK-SD', 'PK-IS', 'PK-KP', 'PK-BA'];

/** The case that is opened as number `n` while an exercise runs. */
export function later(seed: number, n: number): ExerciseIncident {
	const random = new Random(seed, 'later', n);
	const [title, summary, type, severity, sector, team, tlp] = LATER[(n + seed) % LATER.length]!;
	return { title, summary, type, severity, sector, province: random.of(HOMES), team, tlp, status: 'new', openedAgo: 0 };
}
