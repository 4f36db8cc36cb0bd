/** Sectors. The first content of the reference table `sectors`, which an operator can extend. */
export type Sector = {
	slug: string;
	name: string;
	/** for tight places: a heatmap row */
	short: string;
	urdu: string;
	/** who names it; `proposed` ones are ours and say so */
	status: 'named' | 'proposed';
	/** lower-case names found in feeds, among them Shadowserver's (NAICS titles) and MISP galaxy's */
	aliases: string[];
};

/** Stands where a sector is not known. */
export const UNATTRIBUTED = 'unattributed';

export const SECTORS: Sector[] = [
	{
		slug: 'government',
		name: 'Government',
		short: 'Government',
		urdu: 'حکومت',
		status: 'named',
		aliases: ['public sector', 'government, administration', 'public administration', 'government facilities', 'gov']
	},
	{
		slug: 'banking',
		name: 'Banking and finance',
		short: 'Banking & finance',
		urdu: 'بینکاری و مالیات',
		status: 'named',
		aliases: [
			'finance',
			'financial',
			'financial services',
			'finance and insurance',
			'bank',
			'banks',
			'banking and finance',
			'insurance'
		]
	},
	{
		slug: 'telecom',
		name: 'Telecom',
		short: 'Telecom',
		urdu: 'ٹیلی کام',
		status: 'named',
		aliases: [
			'telecoms',
			'telecommunication',
			'telecommunications',
			'communications',
			'communications, service provider, and hosting service',
			'isp',
			'internet service provider'
		]
	},
	{
		slug: 'energy',
		name: 'Power and energy',
		short: 'Power & energy',
		urdu: 'بجلی و توانائی',
		status: 'named',
		aliases: [
			'power',
			'electric',
			'electricity',
			'utilities',
			'oil',
			'gas',
			'oil and gas',
			'power and energy',
			'nuclear'
		]
	},
	{
		slug: 'defence',
		name: 'Defence',
		short: 'Defence',
		urdu: 'دفاع',
		status: 'named',
		aliases: ['defense', 'military', 'defense industrial base']
	},
	{
		slug: 'health',
		name: 'Health',
		short: 'Health',
		urdu: 'صحت',
		status: 'named',
		aliases: [
			'healthcare',
			'hospital',
			'hospitals',
			'healthcare and public health',
			'health care and social assistance'
		]
	},
	{
		slug: 'transport',
		name: 'Transport',
		short: 'Transport',
		urdu: 'نقل و حمل',
		status: 'named',
		aliases: [
			'transportation',
			'logistics',
			'transportation and warehousing',
			'transportation systems',
			'maritime',
			'railway'
		]
	},
	{
		slug: 'aviation',
		name: 'Civil aviation',
		short: 'Civil aviation',
		urdu: 'شہری ہوابازی',
		status: 'named',
		aliases: ['civil aviation', 'civil-aviation', 'airline', 'airports', 'air transport']
	},
	{
		slug: 'education',
		name: 'Education and research',
		short: 'Education',
		urdu: 'تعلیم و تحقیق',
		status: 'proposed',
		aliases: [
			'academia',
			'academic',
			'university',
			'academia - university',
			'educational services',
			'research',
			'education and research'
		]
	},
	{
		slug: 'it',
		name: 'IT and digital services',
		short: 'IT & digital',
		urdu: 'آئی ٹی و ڈیجیٹل خدمات',
		status: 'proposed',
		aliases: [
			'information technology',
			'it services',
			'digital services',
			'technology',
			'hosting',
			'cloud',
			'it and digital services'
		]
	},
	{
		slug: 'water',
		name: 'Water',
		short: 'Water',
		urdu: 'پانی',
		status: 'proposed',
		aliases: ['water and wastewater', 'water and wastewater systems', 'wasa']
	},
	{
		slug: 'media',
		name: 'Media',
		short: 'Media',
		urdu: 'میڈیا',
		status: 'proposed',
		aliases: ['news', 'news - media', 'broadcasting', 'publishing industries']
	},
	{
		slug: 'industry',
		name: 'Manufacturing and industry',
		short: 'Industry',
		urdu: 'صنعت',
		status: 'proposed',
		aliases: ['manufacturing', 'critical manufacturing', 'industrial', 'chemical', 'manufacturing and industry']
	},
	{
		slug: 'agriculture',
		name: 'Food and agriculture',
		short: 'Agriculture',
		urdu: 'خوراک و زراعت',
		status: 'proposed',
		aliases: ['food', 'food and agriculture', 'farming']
	}
];
