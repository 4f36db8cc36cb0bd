/** The drawing: wider than the country, because small units have their labels beside it. */
export const WIDTH = 1130;
export const HEIGHT = 1000;
