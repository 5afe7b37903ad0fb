/** The way through the shelves. */

import type { PickRow } from "$src/backend/bindings";

const compare = new Intl.Collator("en", { numeric: true }).compare;

/** By place, as somebody walks: A2 before A10; what lies nowhere comes last. */
export function pickOrder(rows: readonly PickRow[]): PickRow[] {
  const place = (row: PickRow) => row.places[0]?.location;
  return [...rows].sort((a, b) => {
    const [first, second] = [place(a), place(b)];
    if (first === undefined || second === undefined) return first === second ? compare(a.product.sku, b.product.sku) : first === undefined ? 1 : -1;
    return compare(first, second) || compare(a.product.sku, b.product.sku);
  });
}

/** Units that are wanted and not there. */
export function shortBy({ units, places }: PickRow): number {
  return Math.max(0, units - places.reduce((sum, { on_hand }) => sum + Math.max(0, on_hand), 0));
}
