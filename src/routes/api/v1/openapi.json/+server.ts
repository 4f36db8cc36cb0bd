import { json } from '@sveltejs/kit';
import { document } from '../../openapi';

export const GET = () => json(document);
