export { cases, type Case } from './course';
export { norms, LATELY, YEAR, type Flow, type Norms } from './norms';
export { HOSTS, one, STRIP, type Opened } from './one';
export { freshness, list, page, SORTS, sums, type Filter, type Pair, type Rule } from './pair';
