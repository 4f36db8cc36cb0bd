import type { Format } from '../format';
import { csaf } from './csaf';
import { eve } from './eve';
import { intelmq } from './intelmq';
import { kev } from './kev';
import { misp } from './misp';
import { stix } from './stix';
import { shadowserver } from './shadowserver';

/** Every format by its name. */
export const FORMATS = new Map<string, Format>(
	[intelmq, shadowserver, eve, kev, misp, stix, csaf].map((f) => [f.name, f])
);
