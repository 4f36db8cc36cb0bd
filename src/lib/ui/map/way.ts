/** What the colours of a map mean. */
export const WAYS = ['count', 'rate', 'deviation'] as const;
export type Way = (typeof WAYS)[number];

/** The choice that an address makes (`?map=`); undefined: none that is known. */
export const chosen = (address: URL): Way | undefined => WAYS.find((w) => w === address.searchParams.get('map'));
