import { enter } from '../desk';
import type { PageServerLoad } from './$types';

/** Nothing of the picture is on it: whoever is signed in may see it. */
export const load: PageServerLoad = (event) => void enter(event, 'picture.read');
