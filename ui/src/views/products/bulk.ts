/** Editing many products in one go: what is asked of the host. */

import type { Condition, EditHow, FieldEdit } from "$src/backend/bindings";
import { readDecimal } from "$src/parts/format";
import { m } from "$words";

export type BulkField = "price" | "cost" | "quantity" | "brand" | "title" | "condition";

export interface BulkDraft {
  field: BulkField;
  how: EditHow;
  /** As it was typed. */
  text: string;
  /** What a raised or lowered price ends in; empty leaves it. */
  ending: string;
  /** What an amount is in. */
  currency: string;
}

const AMOUNTS: readonly BulkField[] = ["price", "cost"];

/** What can be done to a field. */
export function waysOf(field: BulkField): EditHow[] {
  if (AMOUNTS.includes(field)) return ["percent", "add", "set"];
  return field === "quantity" ? ["add", "set"] : ["set"];
}

export function isNumber(field: BulkField): boolean {
  return AMOUNTS.includes(field) || field === "quantity";
}

/** Whether a price is moved, so that its ending can be said. */
export function takesEnding({ field, how }: BulkDraft): boolean {
  return field === "price" && how !== "set";
}

/** Whether what is typed is an amount of money: a share is none. */
export function inCurrency({ field, how }: Pick<BulkDraft, "field" | "how">): boolean {
  return AMOUNTS.includes(field) && how !== "percent";
}

/** The edit that a draft stands for, or why it is none yet; null while nothing was typed. */
export function editOf(draft: BulkDraft): { edit: FieldEdit } | { wrong: string } | null {
  const text = draft.text.trim();
  if (text === "") return null;
  const read = isNumber(draft.field) ? readDecimal(text.replace(/%$/, "")) : text;
  if (read === null) return { wrong: m.products_not_a_number() };
  if (draft.field === "quantity" && !/^-?\d+$/.test(read)) return { wrong: m.products_stock_whole() };
  const ending = takesEnding(draft) && draft.ending !== "" ? draft.ending : null;
  const currency = inCurrency(draft) && draft.currency !== "" ? draft.currency : null;
  return { edit: { field: draft.field, how: draft.how, value: read, ending, currency } };
}

export const CONDITIONS: readonly Condition[] = [
  "new", "new_other", "new_with_defects", "certified_refurbished", "excellent_refurbished", "very_good_refurbished",
  "good_refurbished", "seller_refurbished", "like_new", "pre_owned_excellent", "very_good", "good", "pre_owned_fair",
  "acceptable", "for_parts",
];

/** The endings of prices that can be chosen. */
export const ENDINGS: readonly string[] = ["", "0.99", "0.95", "0.49", "0.00"];
