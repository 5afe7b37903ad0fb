/** Receipts as lists tell them: one line for what left together and fared alike. */

import type { ReceiptView } from "$src/backend/bindings";
import { stepOf } from "$src/parts/receipt";
import type { ReceiptStep } from "$src/parts/states";
import { m } from "$words";

import { isContent, valueOf } from "$src/parts/values";
import { kindWord } from "$src/parts/kinds";
import { countsText } from "./words";

export interface ReceiptLine {
  /** The newest of them. */
  first: ReceiptView;
  count: number;
  step: ReceiptStep;
  at: string;
}

/** When something last happened to a change. */
export function lastAt({ wanted_at, sent_at, answered_at, seen_at }: ReceiptView): string {
  return seen_at ?? answered_at ?? sent_at ?? wanted_at;
}

const MINUTE_CHARS = "2026-11-22T14:36".length;

/** Puts neighbours together that are of one account and kind, fared alike, and in the same minute. */
export function receiptLines(receipts: readonly ReceiptView[]): ReceiptLine[] {
  const lines: ReceiptLine[] = [];
  for (const one of receipts) {
    const [step, at] = [stepOf(one), lastAt(one)];
    const last = lines.at(-1);
    const alike = last !== undefined && last.first.account === one.account && last.first.kind === one.kind &&
      last.step === step && last.at.slice(0, MINUTE_CHARS) === at.slice(0, MINUTE_CHARS) &&
      last.first.problem?.kind === one.problem?.kind && last.first.state === one.state && one.order_id === null;
    if (alike) last.count += 1;
    else lines.push({ first: one, count: 1, step, at });
  }
  return lines;
}

const GROUP_OF = { set_price: "price_up", set_quantity: "quantity_up", publish: "publish", revise: "revise", end: "end" } as const;

/** What a line is about: `Price 59.55 USD, NET-R6080`, `12 prices`. */
export function receiptText({ first, count }: ReceiptLine): string {
  if (count > 1) {
    const group = first.kind in GROUP_OF ? GROUP_OF[first.kind as keyof typeof GROUP_OF] : "aftersales";
    return countsText([{ group, count }])[0] ?? "";
  }
  const value = first.to === null || isContent(first.to) ? kindWord(first.kind) : m.sync_kind_value({ kind: kindWord(first.kind), value: valueOf(first.kind, first.to) });
  const of = first.sku ?? first.order_id;
  return of === null ? value : m.sync_of({ what: value, of });
}
