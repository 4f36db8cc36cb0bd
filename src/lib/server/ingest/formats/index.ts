import type { Format } from '../format';
import { eve } from './eve';
import { intelmq } from './intelmq';
import { shadowserver } from './shadowserver';

/** Every format by its name. */
export const FORMATS = new Map<string, Format>([intelmq, shadowserver, eve].map((f) => [f.name, f]));
