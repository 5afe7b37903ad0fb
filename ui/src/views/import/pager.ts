/** Pages by position of a list that the host tells cursor by cursor. */

/** Rows that are fetched in one go. */
export const BLOCK = 1_000;
/** Blocks that are held; the ones asked for last stay. */
const BLOCKS_MAX = 12;

export interface Block<Row, Cursor> {
  rows: readonly Row[];
  /** Where the next block begins; null at the end. */
  next: Cursor | null;
}

/**
 * Walks from the nearest known cursor to the place that is asked for. Cursors are kept, so that a
 * way is walked once; rows are kept for the blocks that were asked for last.
 */
export class CursorPages<Row, Cursor> {
  readonly #cursors: (Cursor | null)[] = [null];
  readonly #blocks = new Map<number, readonly Row[]>();
  #walking: Promise<void> = Promise.resolve();

  constructor(private readonly fetch: (after: Cursor | null, limit: number) => Promise<Block<Row, Cursor>>) {}

  /** Rows from a place on; fewer at the end. */
  async page(at: number, limit: number): Promise<readonly Row[]> {
    // One walk at a time: a second one would fetch the same way again.
    const walk = this.#walking.then(() => this.#slice(at, limit));
    this.#walking = walk.then(() => undefined, () => undefined);
    return walk;
  }

  async #slice(at: number, limit: number): Promise<readonly Row[]> {
    const first = Math.floor(at / BLOCK);
    const rows = await this.#block(first);
    const part = rows.slice(at - first * BLOCK, at - first * BLOCK + limit);
    if (part.length === limit || rows.length < BLOCK) return part;
    return [...part, ...(await this.#block(first + 1)).slice(0, limit - part.length)];
  }

  async #block(index: number): Promise<readonly Row[]> {
    const held = this.#blocks.get(index);
    if (held !== undefined) return held;
    for (let place = Math.min(index, this.#cursors.length - 1); place <= index; place += 1) {
      const after = this.#cursors[place];
      // The list ended before.
      if (after === undefined || (place > 0 && after === null)) return [];
      const { rows, next } = await this.fetch(after, BLOCK);
      this.#cursors[place + 1] = next;
      this.#keep(place, rows);
    }
    return this.#blocks.get(index) ?? [];
  }

  #keep(index: number, rows: readonly Row[]): void {
    this.#blocks.delete(index);
    this.#blocks.set(index, rows);
    const oldest = this.#blocks.keys().next();
    if (this.#blocks.size > BLOCKS_MAX && oldest.done !== true) this.#blocks.delete(oldest.value);
  }
}
