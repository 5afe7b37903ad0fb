/** A product that is made by hand: what is typed, and what is asked of it. */

import { readDecimal } from "$src/parts/format";
import { m } from "$words";

import { checkAmount, checkCount } from "./edits";

export const NEW_FIELDS = ["sku", "title", "price", "quantity", "gtin"] as const;
export type NewDraft = Record<(typeof NEW_FIELDS)[number], string>;

/** What is wrong, by field. Price, stock and barcode may be left open; so may a copy's title. */
export function checkNew(draft: NewDraft, currency: string, copies: boolean): Partial<Record<keyof NewDraft, string>> {
  const wrong: Partial<Record<keyof NewDraft, string>> = {};
  if (draft.sku.trim() === "") wrong.sku = m.products_new_needs();
  if (draft.title.trim() === "" && !copies) wrong.title = m.products_new_needs();
  const price = draft.price.trim() === "" ? null : checkAmount(draft.price, currency);
  const count = draft.quantity.trim() === "" ? null : checkCount(draft.quantity);
  if (price !== null) wrong.price = price;
  if (count !== null) wrong.quantity = count;
  return wrong;
}

/** What is asked for, as files have it: a price names its currency. */
export function fieldsOf(draft: NewDraft, currency: string): Record<string, string> {
  const fields: Record<string, string> = { sku: draft.sku.trim() };
  const title = draft.title.trim();
  const price = readDecimal(draft.price);
  const count = readDecimal(draft.quantity);
  if (title !== "") fields.title = title;
  if (price !== null) fields.price = `${price} ${currency}`.trim();
  if (count !== null) fields.quantity = count;
  if (draft.gtin.trim() !== "") fields.gtin = draft.gtin.trim();
  return fields;
}
