/** What a cell says in whole, where it is cut or tells less than it knows. */

import type { Column } from "./columns.svelte";

/** The one cell that has a title: the one below the pointer. */
let told: { cell: HTMLElement; text: string } | null = null;

/**
 * Gives the cell below the pointer its title. To write one at every row that scrolls by would cost
 * more than the row.
 */
export function tell<Row>(below: HTMLElement, column: Column<Row> | undefined, row: Row | undefined): void {
  const cell = below.closest<HTMLElement>("[data-cell]");
  if (cell === null || column === undefined || row === undefined || column.cell !== undefined) return untell();
  const text = column.tip?.(row) ?? column.text(row);
  if (told?.cell === cell && told.text === text) return;
  untell();
  if (column.tip !== undefined || cell.scrollWidth > cell.clientWidth) cell.title = text;
  told = { cell, text };
}

/** Takes it away: the cell shows another row. */
export function untell(): void {
  told?.cell.removeAttribute("title");
  told = null;
}
