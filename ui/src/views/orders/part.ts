/** A part of what is open: so many units of each line. */

import type { OrderDetailResponse, OrderLineQuantity } from "$src/backend/bindings";
import { m } from "$words";

/** What was typed, by line; a line that is not there is taken whole. */
export type PartCounts = Readonly<Record<string, string>>;

export interface PartLine {
  line_id: string;
  /** Units that are open. */
  most: number;
}

export interface Part {
  lines: OrderLineQuantity[];
  wrong: string | null;
}

/** Reads the counts; says what is wrong where one is no whole number, too large, or all are zero. */
export function partOf(lines: readonly PartLine[], counts: PartCounts): Part {
  const read: OrderLineQuantity[] = [];
  for (const { line_id, most } of lines) {
    const typed = (counts[line_id] ?? String(most)).trim();
    if (!/^\d{1,6}$/.test(typed)) return { lines: [], wrong: m.orders_part_whole() };
    const quantity = Number(typed);
    if (quantity > most) return { lines: [], wrong: m.orders_part_most({ most: String(most) }) };
    if (quantity > 0) read.push({ line_id, quantity });
  }
  return read.length === 0 ? { lines: [], wrong: m.orders_part_none() } : { lines: read, wrong: null };
}

/** What a line is: the own product's title, else what it was sold as. */
export function lineTitle({ lines, order }: Pick<OrderDetailResponse, "lines" | "order">, id: string): string {
  const own = lines.find(({ line_id }) => line_id === id)?.title;
  return own ?? order.lines.find(({ line_id }) => line_id === id)?.title ?? id;
}
