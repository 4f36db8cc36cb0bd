import { csaf } from './csaf';
import type { Fetcher } from './fetcher';
import { folder } from './folder';
import { http } from './http';
import { misp } from './misp';
import { taxii } from './taxii';

/** Every way to fetch by its name. */
export const KINDS = new Map<string, Fetcher>([taxii, misp, csaf, http, folder].map((f) => [f.name, f]));
