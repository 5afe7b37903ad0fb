/** The one cell of a list that is edited. It belongs to a row, wherever that row stands. */

import { notify, say } from "$src/app/notices.svelte";
import { m } from "$words";

import type { Column } from "./columns.svelte";
import type { Rows } from "./rows.svelte";

export interface OpenCell<Row> {
  key: string;
  /** The row as it was when its editing began, with its revision. */
  row: Row;
  column: Column<Row>;
  /** What stands in it at first; null is the old text, chosen. */
  typed: string | null;
  /** Why that was not kept. */
  refused: string | null;
}

export class Editing<Row> {
  open = $state.raw<OpenCell<Row> | null>(null);
  #last = 0;

  /** `show` moves to a cell that is to be opened again. False where it is not to be seen, or where
   *  somebody is busy elsewhere; `wanted` says that he asked for it. */
  constructor(private readonly rows: () => Rows<Row>, private readonly show: (cell: OpenCell<Row>, wanted: boolean) => boolean) {}

  /** Opens a cell, where it can be edited. */
  begin(row: Row, column: Column<Row>, typed: string | null, refused: string | null = null): void {
    if (!column.edit || column.edit.enabled?.(row) === false) return;
    const key = this.rows().source.key(row);
    this.open = { key, row, column, typed, refused };
    this.#last = this.rows().indexOf(key) ?? 0;
  }

  close(): void {
    this.open = null;
  }

  /** The place of the row; where it was, while the list is read again. */
  get place(): number {
    const found = this.open === null ? null : this.rows().indexOf(this.open.key);
    if (found !== null) this.#last = found;
    return this.#last;
  }

  /** Closes the cell of a row that is not there any more. Called where reading is followed. */
  follow(): void {
    const { open } = this;
    if (open === null || this.rows().reading || this.rows().indexOf(open.key) !== null) return;
    this.open = null;
    notify({ text: m.grid_moved_away({ row: open.key }), tone: "refused" });
  }

  /** Keeps a text. The row shows it at once; where it is refused, it is there to be mended. */
  async keep(cell: OpenCell<Row>, text: string): Promise<void> {
    const { key, row, column } = cell;
    const rows = this.rows();
    const { edit } = column;
    // A cell that was closed keeps nothing, whatever its field does as it goes.
    if (!edit || this.open !== cell) return;
    if (edit.apply) rows.patch(key, (old) => edit.apply?.(old, text) ?? old);
    const refused = await edit.save(row, text).catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
    if (refused === null) return say(m.grid_kept({ row: key, column: column.title(), value: text }));
    rows.patch(key, () => row);
    rows.touch();
    const again: OpenCell<Row> = { key, row, column, typed: text, refused };
    if (this.open === null && this.show(again, false)) this.open = again;
    else notify({
      text: m.grid_not_kept({ row: key, column: column.title(), reason: refused }), tone: "refused",
      action: { label: m.grid_edit_again(), run: () => { if (this.show(again, true)) this.open = again; } },
    });
  }
}
