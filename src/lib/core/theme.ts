/** How bright the desk is: as chosen here, or as the reader's system says. The wall is always dark. */
export const THEMES = ['light', 'dark', 'system'] as const;
export type Theme = (typeof THEMES)[number];

/** The cookie that keeps the choice, for a year. */
export const COOKIE = 'watchfloor_theme';
export const YEAR = 365 * 86_400;

/** What a cookie or a form says; anything else is `system`. */
export const parse = (text: unknown): Theme => THEMES.find((theme) => theme === text) ?? 'system';
