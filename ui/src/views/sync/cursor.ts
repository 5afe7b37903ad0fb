/** Pages by position out of answers that only tell where the next one begins. */

import type { RowPage } from "$src/parts/grid/rows.svelte";

export interface CursorPage<Row, Cursor> {
  rows: readonly Row[];
  next: Cursor | null;
}

/** Reads forward from the nearest page whose beginning is known. `total` where it is known. */
export class CursorPages<Row, Cursor> {
  #starts: (Cursor | null)[] = [null];

  constructor(private readonly read: (after: Cursor | null, limit: number) => Promise<CursorPage<Row, Cursor>>) {}

  async page(at: number, limit: number, total: number | null = null): Promise<RowPage<Row>> {
    const wanted = Math.floor(at / limit);
    if (wanted === 0) this.#starts = [null];
    for (let index = Math.min(wanted, this.#starts.length - 1); ; index += 1) {
      const { rows, next } = await this.read(this.#starts[index] ?? null, limit);
      if (next !== null) this.#starts[index + 1] = next;
      if (index === wanted || next === null) {
        const known = index * limit + rows.length + (next === null ? 0 : 1);
        return { rows: index === wanted ? rows : [], total: total ?? known };
      }
    }
  }
}
