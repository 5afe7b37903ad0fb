/** Pasted blocks: every cell is checked, and all of them are kept in one go. */

import type { ProductView, SetBlockRequest } from "$src/backend/bindings";
import { call } from "$src/backend/host";
import { readDecimal } from "$src/parts/format";
import type { BlockCell } from "$src/parts/grid/block";
import { m } from "$words";

import { costEditor, priceEditor, stockEditor, titleEditor } from "./edits";

const EDITORS = { price: priceEditor, cost: costEditor, on_hand: stockEditor, title: titleEditor };
const FIELDS = { price: "price", cost: "cost", on_hand: "quantity", title: "title" };

type Edited = keyof typeof EDITORS;

export interface RowFields {
  row: ProductView;
  fields: Record<string, string>;
}

/** The fields of each row, and what is wrong with single cells. */
export function blockFields(cells: readonly BlockCell<ProductView>[]): { rows: RowFields[]; wrong: string[] } {
  const rows = new Map<string, RowFields>();
  const wrong: string[] = [];
  for (const { row, column, text } of cells) {
    if (!(column in EDITORS)) continue;
    const editor = EDITORS[column as Edited];
    const refused = editor.enabled?.(row) === false ? m.products_kit_counts() : (editor.check?.(row, text) ?? null);
    if (refused !== null) {
      wrong.push(`${row.sku}: ${refused}`);
      continue;
    }
    const known = rows.get(row.sku) ?? { row, fields: {} };
    known.fields[FIELDS[column as Edited]] = editor.kind === "number" ? (readDecimal(text) ?? text) : text;
    rows.set(row.sku, known);
  }
  return { rows: [...rows.values()], wrong };
}

/** From so many rows on a block is shown before it is kept. */
export const SHOWN_FROM = 20;

/** What the host is told of a block. */
export function blockRequest(rows: readonly RowFields[]): SetBlockRequest {
  return { rows: rows.map(({ row, fields }) => ({ sku: row.sku, fields })) };
}

/** Keeps a block in one go, all of it or nothing. Answers how many rows changed, or why not. */
export async function keepBlock(rows: readonly RowFields[]): Promise<{ done: number } | { why: string }> {
  const { done, refused, refused_count } = await call("set_block", blockRequest(rows));
  if (refused_count === 0) return { done };
  return { why: refused.slice(0, 3).map(({ reason }) => reason).join(" ") };
}
