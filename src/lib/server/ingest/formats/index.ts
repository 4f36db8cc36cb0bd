import type { Format } from '../format';
import { intelmq } from './intelmq';

/** Every format by its name. */
export const FORMATS = new Map<string, Format>([intelmq].map((f) => [f.name, f]));
