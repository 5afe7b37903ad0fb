/** When stock is low, everywhere in the window: at or below this many that can be sold. */
export const LOW = 5;
