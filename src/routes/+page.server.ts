import { redirect } from '@sveltejs/kit';
import { home } from './login/way';
import type { PageServerLoad } from './$types';

/** Everyone has a first screen of their own; a stranger has the sign-in. */
export const load: PageServerLoad = ({ locals }) => redirect(303, locals.viewer ? home(locals.viewer.role) : '/login');
