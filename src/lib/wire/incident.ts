/** The bodies of the requests that open and change a case. */
export { Change, New, Tlp } from '$lib/core/draft';
