/** Pasted and filled blocks: every cell is checked, and all of one row is kept at once. */

import type { ProductView } from "$src/backend/bindings";
import { readDecimal } from "$src/parts/format";
import type { BlockCell } from "$src/parts/grid/block";
import { m } from "$words";

import { costEditor, priceEditor, setFields, stockEditor, titleEditor } from "./edits";

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

/** Keeps a block row by row; nothing of it while a cell is wrong. Answers why not. */
export async function keepBlock(cells: readonly BlockCell<ProductView>[]): Promise<string | null> {
  const { rows, wrong } = blockFields(cells);
  if (wrong.length > 0) return wrong.slice(0, 3).join(" ");
  const refused: string[] = [];
  for (const { row, fields } of rows) {
    const why = await setFields(row.sku, fields);
    if (why !== null) refused.push(`${row.sku}: ${why}`);
  }
  return refused.length === 0 ? null : refused.slice(0, 3).join(" ");
}
