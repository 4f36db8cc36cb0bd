/** CERT tiers of the CERT Rules 2023 and the NCSP 2021. */
export const TIERS = [
	'national',
	'government',
	'federal',
	'provincial',
	'cii',
	'sectoral',
	'organizational',
	'council'
] as const;
export type Tier = (typeof TIERS)[number];

/** How far a team exists; sources disagree, so it is data. */
export const STATUSES = ['proposed', 'recommended', 'notified', 'operational'] as const;
export type Status = (typeof STATUSES)[number];

export type Team = {
	slug: string;
	name: string;
	urdu: string;
	tier: Tier;
	status: Status;
	sector?: string;
	province?: string;
};

/** First content of the reference table `teams`. */
export const TEAMS: Team[] = [
	{ slug: 'ncert', name: 'National CERT', urdu: 'قومی سرٹ', tier: 'national', status: 'operational' },
	{ slug: 'council', name: 'CERT Council', urdu: 'سرٹ کونسل', tier: 'council', status: 'notified' },
	{
		slug: 'government-cert',
		name: 'Government CERT',
		urdu: 'حکومتی سرٹ',
		tier: 'government',
		status: 'proposed',
		sector: 'government'
	},
	{
		slug: 'federal-cert',
		name: 'Federal CERT',
		urdu: 'وفاقی سرٹ',
		tier: 'federal',
		status: 'proposed',
		sector: 'government'
	},
	{
		slug: 'punjab-cert',
		name: 'Provincial CERT Punjab',
		urdu: 'صوبائی سرٹ پنجاب',
		tier: 'provincial',
		status: 'proposed',
		province: 'PK-PB'
	},
	{
		slug: 'sindh-cert',
		name: 'Provincial CERT Sindh',
		urdu: 'صوبائی سرٹ سندھ',
		tier: 'provincial',
		status: 'proposed',
		province: 'PK-SD'
	},
	{
		slug: 'kp-cert',
		name: 'Provincial CERT KP',
		urdu: 'صوبائی سرٹ خیبر پختونخوا',
		tier: 'provincial',
		status: 'proposed',
		province: 'PK-KP'
	},
	{
		slug: 'balochistan-cert',
		name: 'Provincial CERT Balochistan',
		urdu: 'صوبائی سرٹ بلوچستان',
		tier: 'provincial',
		status: 'proposed',
		province: 'PK-BA'
	},
	{ slug: 'cii-cert', name: 'Critical Infrastructure CERT', urdu: 'اہم ڈھانچہ سرٹ', tier: 'cii', status: 'proposed' },
	{
		slug: 'ntcert',
		name: 'nTCERT',
		urdu: 'قومی ٹیلی کام سرٹ',
		tier: 'sectoral',
		status: 'operational',
		sector: 'telecom'
	},
	{ slug: 'fincert', name: 'FinCERT', urdu: 'فن سرٹ', tier: 'sectoral', status: 'proposed', sector: 'banking' }
];
