/** What counts can be asked by. */
export const BY = ['province', 'sector', 'class', 'type', 'severity', 'direction', 'hour', 'minute'] as const;
export type By = (typeof BY)[number];
