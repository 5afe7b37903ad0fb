/** Blocks of cells as text: what spreadsheets copy and paste. */

import type { Column } from "./columns.svelte";

/** One cell of a pasted or filled block. */
export interface BlockCell<Row> {
  row: Row;
  column: string;
  text: string;
}

/** The cells that pasted text falls on, from a corner on; those that are not edited are left out. */
export function pastedCells<Row>(
  text: string,
  rowAt: (down: number) => Row | undefined,
  columnAt: (right: number) => Column<Row> | undefined,
): BlockCell<Row>[] {
  return readBlock(text).flatMap((texts, down) => texts.flatMap((cell, right): BlockCell<Row>[] => {
    const row = rowAt(down);
    const column = columnAt(right);
    return row === undefined || !column?.edit ? [] : [{ row, column: column.id, text: cell.trim() }];
  }));
}

/** Rows of cells as tab-separated text. */
export function writeBlock(rows: readonly (readonly string[])[]): string {
  return rows
    .map((cells) => cells.map((cell) => (/["\t\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join("\t"))
    .join("\n");
}

/** Reads tab-separated text, with quoted cells as spreadsheets write them. */
export function readBlock(text: string): string[][] {
  const rows: string[][] = [[]];
  let cell = "";
  let quoted = false;
  const body = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  for (let at = 0; at < body.length; at += 1) {
    const sign = body[at] ?? "";
    if (quoted) {
      if (sign === '"' && body[at + 1] === '"') { cell += '"'; at += 1; }
      else if (sign === '"') quoted = false;
      else cell += sign;
    } else if (sign === '"' && cell === "") quoted = true;
    else if (sign === "\t" || sign === "\n") {
      rows.at(-1)?.push(cell);
      cell = "";
      if (sign === "\n") rows.push([]);
    } else cell += sign;
  }
  rows.at(-1)?.push(cell);
  return rows;
}

/** Puts text on the clipboard. */
export async function copyText(text: string): Promise<void> {
  if (text !== "") await navigator.clipboard.writeText(text);
}
