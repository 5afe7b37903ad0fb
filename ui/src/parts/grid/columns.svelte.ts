/** Columns of a grid, and what the seller did with them: order, size, hidden. */

import type { Snippet } from "svelte";

import { layouts } from "$src/app/layouts.svelte";

import { fitColumns, roomOf, type ColumnShape } from "./layout";

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
  /** The title of the cell where it tells more than the text: a whole date. */
  tip?: (row: Row) => string | null;
  /** Classes of the text by the row: `third`, `low`. */
  tone?: (row: Row) => string;
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

/** A column that has room, with what its cells have in common. */
export interface ShownColumn<Row> {
  column: Column<Row>;
  /** In pixels. */
  width: number;
  /** What a text may take of it, in sizes of its type. */
  room: number;
  /** The classes of each cell. */
  look: string;
}

/** Cells of these widths are told apart by their class: there is room for less, or for more. */
const NARROW_REM = 7.5;
const ROOMY_REM = 10.5;

/** How the cells of a column look, whatever stands in them. */
function lookOf(column: { end?: boolean; quiet?: boolean }, width: number, rem: number): string {
  const wide = width <= NARROW_REM * rem ? " narrow" : width >= ROOMY_REM * rem ? " roomy" : "";
  return `cell${column.end ? " end" : ""}${column.quiet ? " quiet" : ""}${wide}`;
}

/** The columns that have room in so many pixels. */
export function shownColumns<Row>(visible: readonly Column<Row>[], available: number, rem: number): ShownColumn<Row>[] {
  const widths = fitColumns(visible, available, rem);
  return visible.flatMap((column) => {
    const width = widths.get(column.id);
    return width === undefined ? [] : [{ column, width, room: roomOf(width, rem), look: lookOf(column, width, rem) }];
  });
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
