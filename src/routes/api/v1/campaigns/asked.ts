import { json, type RequestEvent } from '@sveltejs/kit';
import { label, number, type Detail } from '$lib/core/campaign';
import { missing } from '$lib/core/error';

/** The number in a path. @throws Problem 404 */
export function asked(event: RequestEvent): number {
	const id = number(event.params.id ?? '');
	if (id === undefined) throw missing('The campaign');
	return id;
}

/** A campaign as an answer; `made`: it is new. */
export const answer = (found: Detail, made = false): Response =>
	json(
		{ ...found, label: label(found.id) },
		{
			status: made ? 201 : 200,
			headers: { etag: `"${found.version}"`, ...(made ? { location: `/api/v1/campaigns/${found.id}` } : {}) }
		}
	);
