import type { Random } from './random';

/** An invented organisation. Its domain is reserved for examples (RFC 2606), its ASN for documentation (RFC 5398). */
export type Organisation = { name: string; domain: string; asn: number };

const NAMES: Record<string, string[]> = {
	government: [
		'Directorate of Sample Records',
		'Model Revenue Office',
		'Specimen Land Registry',
		'Example Postal Directorate',
		'Trial Licensing Authority'
	],
	banking: ['Kohsar Specimen Bank', 'Bank of Mithal', 'Darakht Savings', 'Sabz Microfinance', 'Tilla Clearing House'],
	telecom: ['Parinda Mobile', 'Taara Broadband', 'Lehr Fibre', 'Goonj Cellular'],
	energy: ['Roshan Model Grid', 'Barq Sample Distribution', 'Aab Hydel Works', 'Shola Gas Lines'],
	defence: ['Specimen Depot 7', 'Model Ordnance Stores', 'Example Logistics Command'],
	health: ['Shifa Specimen Hospital', 'Marham Clinics', 'Sehat Sample Trust'],
	transport: ['Rasta Motorways', 'Patri Sample Rail', 'Sahil Model Port'],
	aviation: ['Urraan Specimen Air', 'Example Airfield Services', 'Baadal Ground Handling'],
	education: ['Ilm Model University', 'Qalam Institute', 'Sample Board of Examinations'],
	it: ['Tanaab Hosting', 'Sitaar Cloud', 'Jaal Software', 'Kunji Digital'],
	water: ['Boond Water Utility', 'Nehr Sample Waterworks'],
	media: ['Awaaz Specimen News', 'Manzar Television', 'Waraq Daily'],
	industry: ['Loha Sample Mills', 'Resham Textiles', 'Eent Cement Works'],
	agriculture: ['Khet Model Farms', 'Anaaj Storage']
};

const slug = (name: string) => name.toLowerCase().replace(/[^a-z0-9]+/g, '-');

let asn = 64_496;
const next = () => (asn === 64_512 ? (asn = 65_536) : asn, asn > 65_551 ? (asn = 64_496) : asn, asn++);

/** Organisations by sector. */
export const ORGANISATIONS: Record<string, Organisation[]> = Object.fromEntries(
	Object.entries(NAMES).map(([sector, names]) => [
		sector,
		names.map((name) => ({ name, domain: `${slug(name)}.example`, asn: next() }))
	])
);

/** Someone whose sector is not known: a customer line. */
export const LINE: Organisation = { name: 'a customer line', domain: 'lines.test', asn: 65_551 };

/** An organisation of a sector; a customer line when the sector is not known. */
export const of = (random: Random, sector: string | undefined): Organisation =>
	sector === undefined ? LINE : random.of(ORGANISATIONS[sector] ?? [LINE]);
