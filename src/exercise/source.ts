import type { Severity } from '../lib/core/severity';
import type { Tlp } from '../lib/core/tlp';
import { Shares } from './random';

/** One invented source: what a registration needs, and how it behaves. */
export type ExerciseSource = {
	slug: string;
	name: string;
	format: 'intelmq';
	tlp: Tlp;
	/** seconds between deliveries, as promised */
	cadence: number;
	/** of all reports, in hundredths */
	share: number;
	/** minutes whose reports are delivered together; 1 is as they happen */
	every: number;
	/** how far it follows working people, 0 to 1 */
	human: number;
	types: Shares<string>;
	sectors: Shares<string>;
	provinces: Shares<string>;
	/** part of its reports that says nothing of the province, of the sector */
	unlocated: number;
	unattributed: number;
	/** part of its reports that it marks one step stricter than its own label */
	stricter: number;
	/** severities that it states; undefined: it states none */
	severities: Shares<Severity> | undefined;
};

/** Where most sources see things; Gilgit-Baltistan is seen almost only by its own sensors. */
const everywhere = { 'PK-PB': 38, 'PK-SD': 31, 'PK-IS': 14.5, 'PK-KP': 9.5, 'PK-BA': 3.6, 'PK-JK': 1.3, 'PK-GB': 0.08 };
const sectors = {
	government: 24,
	banking: 14,
	telecom: 12,
	energy: 7.5,
	defence: 6,
	education: 7,
	it: 7.5,
	health: 4.6,
	transport: 4,
	aviation: 3,
	industry: 4,
	media: 2.8,
	agriculture: 1.4,
	water: 1
};
const noise = {
	scanner: 46,
	'ids-alert': 38,
	'brute-force': 9,
	exploit: 3,
	'infected-system': 2,
	ddos: 0.8,
	'malware-distribution': 0.5,
	test: 0.05
};

type Given = Pick<ExerciseSource, 'slug' | 'name' | 'tlp' | 'cadence' | 'share'> &
	Partial<Pick<ExerciseSource, 'every' | 'human' | 'unlocated' | 'unattributed' | 'stricter'>> & {
		types: Record<string, number>;
		sectors?: Record<string, number>;
		provinces?: Record<string, number>;
		severities?: Partial<Record<Severity, number>>;
	};

const source = (given: Given): ExerciseSource => ({
	format: 'intelmq',
	every: 1,
	human: 0.6,
	unlocated: 0.02,
	unattributed: 0.08,
	stricter: 0.01,
	...given,
	types: new Shares(given.types),
	sectors: new Shares(given.sectors ?? sectors),
	provinces: new Shares(given.provinces ?? everywhere),
	severities: given.severities && new Shares(given.severities)
});

/** The sources of the exercise. Shares add up to 100. */
export const SOURCES: ExerciseSource[] = [
	source({
		slug: 'shadow-scan',
		name: 'Shadow Scan',
		tlp: 'green',
		cadence: 900,
		share: 33,
		every: 5,
		human: 0.1,
		unlocated: 0.05,
		unattributed: 0.2,
		types: {
			'vulnerable-system': 46,
			'potentially-unwanted-accessible': 24,
			'ddos-amplifier': 11,
			'weak-crypto': 11,
			'information-disclosure': 5,
			'infected-system': 2.4,
			blacklist: 0.6
		}
	}),
	source({
		slug: 'national-sensors',
		name: 'National sensors',
		tlp: 'amber',
		cadence: 300,
		share: 24,
		human: 0.55,
		types: noise
	}),
	source({
		slug: 'honeynet',
		name: 'Honeynet',
		tlp: 'green',
		cadence: 300,
		share: 15,
		human: 0.15,
		unlocated: 0.06,
		unattributed: 0.35,
		types: {
			scanner: 68,
			'brute-force': 18,
			exploit: 8,
			'malware-distribution': 4,
			'c2-server': 1,
			proxy: 0.6,
			tor: 0.4
		}
	}),
	source({
		slug: 'ntcert',
		name: 'nTCERT',
		tlp: 'amber',
		cadence: 600,
		share: 8,
		human: 0.5,
		sectors: { telecom: 86, it: 14 },
		unattributed: 0,
		types: {
			scanner: 34,
			'ids-alert': 33,
			ddos: 6,
			'infected-system': 13,
			'brute-force': 8,
			phishing: 3,
			misconfiguration: 2,
			'unauthorized-use-of-resources': 1
		}
	}),
	source({
		slug: 'fincert',
		name: 'FinCERT',
		tlp: 'amber',
		cadence: 900,
		share: 5.5,
		human: 0.85,
		sectors: { banking: 1 },
		unattributed: 0,
		stricter: 0.15,
		provinces: { 'PK-SD': 52, 'PK-PB': 28, 'PK-IS': 12, 'PK-KP': 5, 'PK-BA': 2, 'PK-JK': 1 },
		types: {
			'ids-alert': 46,
			phishing: 18,
			'brute-force': 14,
			masquerade: 5,
			'infected-system': 8,
			exploit: 4,
			'unprivileged-account-compromise': 3,
			'data-leak': 0.8,
			'c2-server': 1.2
		}
	}),
	source({
		slug: 'federal-mail',
		name: 'Federal mail',
		tlp: 'amber',
		cadence: 900,
		share: 4.2,
		every: 2,
		human: 1,
		sectors: { government: 1 },
		unattributed: 0,
		provinces: { 'PK-IS': 78, 'PK-PB': 11, 'PK-SD': 8, 'PK-KP': 3 },
		types: {
			spam: 44,
			phishing: 32,
			'social-engineering': 8,
			'malware-distribution': 11,
			masquerade: 4,
			'unprivileged-account-compromise': 1
		}
	}),
	source({
		slug: 'kev-exposure',
		name: 'KEV exposure',
		tlp: 'amber',
		cadence: 3600,
		share: 3.2,
		every: 30,
		human: 0.2,
		unattributed: 0.05,
		severities: { medium: 12, high: 70, critical: 18 },
		types: { 'vulnerable-system': 94, 'information-disclosure': 6 }
	}),
	source({
		slug: 'cii-ot',
		name: 'CII OT monitors',
		tlp: 'amber+strict',
		cadence: 900,
		share: 1.9,
		human: 0.4,
		unattributed: 0,
		stricter: 0.1,
		severities: { low: 38, medium: 46, high: 15, critical: 1 },
		sectors: { energy: 62, water: 5, transport: 14, aviation: 11, industry: 8 },
		types: {
			'ids-alert': 68,
			'potentially-unwanted-accessible': 14,
			misconfiguration: 8,
			'vulnerable-system': 6,
			exploit: 3,
			'system-compromise': 0.6,
			outage: 0.4
		}
	}),
	source({
		slug: 'punjab-cert',
		name: 'Punjab CERT',
		tlp: 'amber',
		cadence: 1800,
		share: 2,
		every: 3,
		human: 0.9,
		provinces: { 'PK-PB': 1 },
		unlocated: 0,
		sectors: { government: 66, education: 14, health: 12, agriculture: 8 },
		types: {
			'ids-alert': 52,
			phishing: 20,
			'infected-system': 14,
			'unauthorised-information-modification': 3,
			'application-compromise': 3,
			'harmful-speech': 2,
			misconfiguration: 6
		}
	}),
	source({
		slug: 'education-net',
		name: 'Education network',
		tlp: 'green',
		cadence: 900,
		share: 1.5,
		human: 0.8,
		sectors: { education: 1 },
		unattributed: 0,
		types: { 'infected-system': 30, scanner: 34, 'ids-alert': 22, copyright: 8, spam: 4, 'dga-domain': 2 }
	}),
	source({
		slug: 'sensors-gb',
		name: 'Sensors GB',
		tlp: 'amber',
		cadence: 1800,
		share: 0.9,
		human: 0.5,
		provinces: { 'PK-GB': 1 },
		unlocated: 0,
		sectors: { government: 46, telecom: 22, education: 12, energy: 10, health: 6, transport: 4 },
		types: noise
	}),
	source({
		slug: 'wasa-water',
		name: 'WASA water',
		tlp: 'amber',
		cadence: 7200,
		share: 0.8,
		every: 20,
		human: 0.5,
		sectors: { water: 1 },
		unattributed: 0,
		provinces: { 'PK-PB': 58, 'PK-SD': 30, 'PK-KP': 8, 'PK-BA': 4 },
		types: {
			'ids-alert': 58,
			'vulnerable-system': 20,
			'potentially-unwanted-accessible': 14,
			misconfiguration: 6,
			'brute-force': 2
		}
	})
];
