import * as area from '../../area/area';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = (event) => area.load(event, 'sector', event.params.sector);
