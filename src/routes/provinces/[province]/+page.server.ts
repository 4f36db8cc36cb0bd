import * as area from '../../area/area';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = (event) => area.load(event, 'province', event.params.province);
