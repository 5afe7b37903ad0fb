/** Editing products: what a text may be, how it is kept, how the row looks until it is read again. */

import type { ProductView, RefusedItem } from "$src/backend/bindings";
import { call } from "$src/backend/host";
import type { CellEditor } from "$src/parts/grid/columns.svelte";
import { money, readDecimal } from "$src/parts/format";
import { m } from "$words";

import { currencyOf } from "./currency.svelte";

/** Digits behind the point of a currency. */
export function minorDigits(currency: string): number {
  try {
    const format = new Intl.NumberFormat("en", { style: "currency", currency });
    return format.resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    return 2;
  }
}

/** A decimal text with the digits of its currency: `5` in USD is `5.00`. */
export function asAmount(decimal: string, currency: string): string {
  const [whole = "0", fraction = ""] = decimal.split(".");
  const digits = minorDigits(currency);
  return digits === 0 ? whole : `${whole}.${fraction.padEnd(digits, "0")}`;
}

/** Why a typed price cannot be; null where it can. A blank is never zero. */
export function checkAmount(text: string, currency: string): string | null {
  const read = readDecimal(text);
  if (text.trim() === "") return m.products_price_blank();
  if (read === null) return m.products_not_a_number();
  if (read.startsWith("-") || /^0*(\.0*)?$/.test(read)) return m.products_price_positive();
  const digits = minorDigits(currency);
  const fraction = (read.split(".")[1] ?? "").replace(/0+$/, "");
  return fraction.length > digits ? m.products_price_digits({ digits: String(digits), currency }) : null;
}

/** Why a typed count cannot be. */
export function checkCount(text: string): string | null {
  if (text.trim() === "") return m.products_stock_blank();
  const read = readDecimal(text);
  if (read === null) return m.products_not_a_number();
  return /^\d{1,9}$/.test(read) ? null : m.products_stock_whole();
}

/** What was refused, in words. */
export function refusedWords(refused: readonly RefusedItem[]): string | null {
  return refused.length === 0 ? null : refused.map(({ reason }) => reason).join(" ");
}

/** SKUs whose own edits are remembered. */
const EDITED_MAX = 100;

/** Which revisions became which by edits of this window: the next edit of a row may be made before
 *  the row is read again, and must not be refused for the sake of the last one. */
const edited = new Map<string, { were: Set<number>; is: number }>();
const under = new Map<string, Promise<unknown>>();

function noteEdit(sku: string, was: number, is: number): void {
  const known = edited.get(sku);
  const were = known?.is === was ? known.were : new Set<number>();
  edited.delete(sku);
  edited.set(sku, { were: were.add(was), is });
  const [oldest] = edited.keys();
  if (edited.size > EDITED_MAX && oldest !== undefined) edited.delete(oldest);
}

/** Sets fields of a SKU, after what was set of it before. `seen` is the revision that was looked at:
 *  whatever anybody else made of it since is not overwritten. Answers why not, or null where it was kept. */
export async function setFields(sku: string, fields: Record<string, string>, seen?: number): Promise<string | null> {
  const before = under.get(sku);
  const now = (async () => {
    await before;
    const known = seen === undefined ? undefined : edited.get(sku);
    const expected = seen !== undefined && known?.were.has(seen) ? known.is : (seen ?? null);
    try {
      const { refused, revision } = await call("set", { sku, fields, expected });
      if (expected !== null) noteEdit(sku, expected, revision);
      return refusedWords(refused);
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  })();
  under.set(sku, now);
  const answer = await now;
  if (under.get(sku) === now) under.delete(sku);
  return answer;
}

function amountEditor(field: "price" | "cost", other: (row: ProductView) => string | null): CellEditor<ProductView> {
  return {
    kind: "number",
    enabled: (row) => field === "price" || row.kind !== "kit",
    text: (row) => (row[field] === null ? "" : money(row[field])),
    check: (row, text) => checkAmount(text, currencyOf(row)),
    hint: other,
    apply: (row, text) => {
      const read = readDecimal(text);
      const currency = currencyOf(row);
      return read === null ? row : { ...row, [field]: { amount: asAmount(read, currency), currency } };
    },
    save: (row, text) => setFields(row.sku, { [field]: readDecimal(text) ?? text }, row.revision),
  };
}

export const priceEditor = amountEditor("price", (row) => (row.cost === null ? null : m.products_hint_cost({ cost: money(row.cost) })));
export const costEditor = amountEditor("cost", (row) => (row.price === null ? null : m.products_hint_price({ price: money(row.price) })));

export const titleEditor: CellEditor<ProductView> = {
  kind: "text",
  text: (row) => row.title,
  check: (_, text) => (text.trim() === "" ? m.products_title_blank() : null),
  hint: (_, text) => m.products_hint_title({ count: String([...text].length) }),
  apply: (row, text) => ({ ...row, title: text.trim() }),
  save: (row, text) => setFields(row.sku, { title: text.trim() }, row.revision),
};

export const stockEditor: CellEditor<ProductView> = {
  kind: "number",
  enabled: (row) => row.kind !== "kit",
  text: (row) => String(row.on_hand),
  check: (_, text) => checkCount(text),
  hint: (row) => m.products_hint_stock({ reserved: String(row.reserved) }),
  apply: (row, text) => {
    const on_hand = Number(readDecimal(text) ?? row.on_hand);
    return { ...row, on_hand, available: Math.max(0, on_hand - row.reserved) };
  },
  save: (row, text) => setFields(row.sku, { quantity: readDecimal(text) ?? text }),
};
