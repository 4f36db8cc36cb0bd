/**
 * Provinces and territories by ISO 3166-2 code. The first content of the reference table `provinces`; an operator may
 * change names and aliases there, so running code asks the reference data and only tests and seeds read `PROVINCES`.
 */
export type Province = {
	code: string;
	name: string;
	/** for tight places: a callout, an axis */
	short: string;
	urdu: string;
	capital: string;
	lat: number;
	lon: number;
	population: number;
	/** year and standing of the population figure */
	populationSource: string;
	aliases: string[];
};

/** Stands where a province is not known; never spread over the map. */
export const UNLOCATED = 'unlocated';

const census = 'Census 2023';

export const PROVINCES: Province[] = [
	{
		code: 'PK-PB',
		name: 'Punjab',
		short: 'Punjab',
		urdu: 'پنجاب',
		capital: 'Lahore',
		lat: 31.5204,
		lon: 74.3587,
		population: 127_688_922,
		populationSource: census,
		aliases: ['punjab', 'panjab', 'pb']
	},
	{
		code: 'PK-SD',
		name: 'Sindh',
		short: 'Sindh',
		urdu: 'سندھ',
		capital: 'Karachi',
		lat: 24.8607,
		lon: 67.0011,
		population: 55_696_147,
		populationSource: census,
		aliases: ['sindh', 'sind', 'sd']
	},
	{
		code: 'PK-KP',
		name: 'Khyber Pakhtunkhwa',
		short: 'KP',
		urdu: 'خیبر پختونخوا',
		capital: 'Peshawar',
		lat: 34.0151,
		lon: 71.5249,
		population: 40_856_097,
		populationSource: census,
		aliases: [
			'khyber pakhtunkhwa',
			'khyber-pakhtunkhwa',
			'kp',
			'kpk',
			'nwfp',
			'north-west frontier province',
			'north-west frontier',
			'pk-ta',
			'pk-nw',
			'fata',
			'federally administered tribal areas'
		]
	},
	{
		code: 'PK-BA',
		name: 'Balochistan',
		short: 'Balochistan',
		urdu: 'بلوچستان',
		capital: 'Quetta',
		lat: 30.1798,
		lon: 66.975,
		population: 14_894_402,
		populationSource: census,
		aliases: ['balochistan', 'baluchistan', 'ba']
	},
	{
		code: 'PK-IS',
		name: 'Islamabad Capital Territory',
		short: 'Islamabad',
		urdu: 'اسلام آباد',
		capital: 'Islamabad',
		lat: 33.6844,
		lon: 73.0479,
		population: 2_363_863,
		populationSource: census,
		aliases: ['islamabad capital territory', 'islamabad', 'ict', 'is', 'federal capital area']
	},
	{
		code: 'PK-JK',
		name: 'Azad Jammu and Kashmir',
		short: 'AJK',
		urdu: 'آزاد جموں و کشمیر',
		capital: 'Muzaffarabad',
		lat: 34.37,
		lon: 73.471,
		population: 4_045_366,
		populationSource: '2017, unconfirmed',
		aliases: ['azad jammu and kashmir', 'azad jammu & kashmir', 'azad kashmir', 'ajk', 'jk']
	},
	{
		code: 'PK-GB',
		name: 'Gilgit-Baltistan',
		short: 'GB',
		urdu: 'گلگت بلتستان',
		capital: 'Gilgit',
		lat: 35.921,
		lon: 74.314,
		population: 1_249_000,
		populationSource: '2017-era estimate, unconfirmed',
		aliases: ['gilgit-baltistan', 'gilgit baltistan', 'northern areas', 'gb', 'pk-na']
	}
];
