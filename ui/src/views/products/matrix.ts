/** Variants as a table where two options span them. */

import type { Variant } from "$src/backend/bindings";

export interface Matrix {
  rows: string[];
  columns: string[];
  /** The variant of a row and a column, where there is one. */
  at: (row: string, column: string) => Variant | undefined;
}

/** Columns that fit into the drawer. */
const COLUMNS_MAX = 4;

/** The table of variants; null where a list says it better. */
export function matrixOf(options: readonly string[], variants: readonly Variant[]): Matrix | null {
  if (options.length !== 2 || variants.length < 3) return null;
  const values = (place: number) => [...new Set(variants.map((one) => one.options[place] ?? ""))];
  const [first, second] = [values(0), values(1)];
  // The option with fewer values goes across.
  const across = second.length <= first.length ? 1 : 0;
  const columns = across === 1 ? second : first;
  const rows = across === 1 ? first : second;
  if (columns.length > COLUMNS_MAX || rows.length < 2 || columns.length < 2) return null;
  const found = new Map(variants.map((one) => [JSON.stringify([one.options[1 - across], one.options[across]]), one]));
  // Two variants with the same values would hide one another.
  if (found.size !== variants.length) return null;
  return { rows, columns, at: (row, column) => found.get(JSON.stringify([row, column])) };
}
