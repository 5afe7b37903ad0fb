/** Columns of a grid, and what the seller did with them: order, size, hidden. */

import type { Snippet } from "svelte";

import { layouts } from "$src/app/layouts.svelte";

import type { ColumnShape } from "./layout";

export interface CellEditor<Row> {
  /** What stands in the editor at first. */
  text: (row: Row) => string;
  kind: "text" | "number";
  /** Why a text cannot be; null where it can. A blank is never zero. */
  check?: (row: Row, text: string) => string | null;
  /** One line below the editor: the floor, what the rule gives. */
  hint?: (row: Row, text: string) => string | null;
  /** The row as it will be, shown until it is read again. */
  apply?: (row: Row, text: string) => Row;
  /** Keeps it. Answers why not, or null where it was kept. */
  save: (row: Row, text: string) => Promise<string | null>;
  enabled?: (row: Row) => boolean;
}

export interface Column<Row> extends ColumnShape {
  title: () => string;
  /** Before the title: the mark of a marketplace. */
  mark?: string;
  /** Below or beside the title: the currency. */
  unit?: () => string;
  end?: boolean;
  /** The cell as text: shown where there is no `cell`, copied, read out, and its title when cut. */
  text: (row: Row) => string;
  /** Is told the row and the column's id, for columns that are made alike. */
  cell?: Snippet<[Row, string]>;
  /** The list can be sorted by it. */
  sort?: boolean;
  edit?: CellEditor<Row>;
  /** Was edited here and not seen live yet: a small corner. */
  edited?: (row: Row) => boolean;
  /** Not shown until asked for. */
  hidden?: boolean;
  /** In the second ink. */
  quiet?: boolean;
}

/** What a list is sorted by. */
export interface GridSort {
  column: string;
  descending: boolean;
}

interface Kept {
  order: string[];
  widths: Record<string, number>;
  hidden: string[];
  shown: string[];
}

const EMPTY: Kept = { order: [], widths: {}, hidden: [], shown: [] };
const WIDTH_MIN = 2.5;
const WIDTH_MAX = 60;

export class Columns<Row> {
  readonly #name: string;
  #kept = $derived.by(() => parseKept(layouts.get(this.#name)));

  /** `name` says under which they are kept. */
  constructor(name: string, private readonly all: () => readonly Column<Row>[]) {
    this.#name = `columns.${name}`;
  }

  /** All of them in the seller's order. */
  get ordered(): Column<Row>[] {
    const all = this.all();
    const result = this.#kept.order.flatMap((id) => all.find((column) => column.id === id) ?? []);
    // A column that came with a later version stands behind the one it follows in the code.
    all.forEach((column, at) => {
      if (result.some(({ id }) => id === column.id)) return;
      const before = all[at - 1]?.id;
      result.splice(result.findIndex(({ id }) => id === before) + 1, 0, column);
    });
    return result;
  }

  isHidden(column: Column<Row>): boolean {
    if (this.#kept.hidden.includes(column.id)) return true;
    return column.hidden === true && !this.#kept.shown.includes(column.id);
  }

  /** Those that are shown where there is room, with the seller's widths. */
  get visible(): Column<Row>[] {
    return this.ordered
      .filter((column) => !this.isHidden(column))
      .map((column) => {
        const width = this.#kept.widths[column.id];
        return width === undefined ? column : { ...column, width, flex: 0 };
      });
  }

  show(id: string, shown: boolean): void {
    const without = (list: string[]) => list.filter((one) => one !== id);
    this.#keep({
      ...this.#kept,
      hidden: shown ? without(this.#kept.hidden) : [...without(this.#kept.hidden), id],
      shown: shown ? [...without(this.#kept.shown), id] : without(this.#kept.shown),
    });
  }

  /** Moves a column by so many places. */
  move(id: string, by: number): void {
    const order = this.ordered.map((column) => column.id);
    const from = order.indexOf(id);
    const to = Math.min(Math.max(0, from + by), order.length - 1);
    if (from < 0 || from === to) return;
    order.splice(from, 1);
    order.splice(to, 0, id);
    this.#keep({ ...this.#kept, order });
  }

  /** Sets a width in rem. */
  resize(id: string, width: number): void {
    const kept = Math.min(Math.max(WIDTH_MIN, width), WIDTH_MAX);
    this.#keep({ ...this.#kept, widths: { ...this.#kept.widths, [id]: Math.round(kept * 16) / 16 } });
  }

  /** As they were made. */
  reset(): void {
    layouts.set(this.#name, "");
  }

  #keep(kept: Kept): void {
    layouts.set(this.#name, JSON.stringify(kept));
  }
}

/** What was kept, as far as this version knows it. */
function parseKept(text: string): Kept {
  try {
    return text === "" ? EMPTY : { ...EMPTY, ...(JSON.parse(text) as Partial<Kept>) };
  } catch {
    return EMPTY;
  }
}
