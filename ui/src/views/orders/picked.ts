/** The orders that were chosen, by name: also those of a long list that were never read. */

import type { OrderRowView } from "$src/backend/bindings";
import { call } from "$src/backend/host";
import type { Picked } from "$src/parts/grid/selection.svelte";

import type { ListQuestion } from "./question";

const PAGE_ROWS = 1_000;

/** `most`: how many are taken at most, in the order of the list. `held`: rows that are read already. */
export async function pickedOrders(picked: Picked, question: ListQuestion, held: readonly OrderRowView[], most: number): Promise<string[]> {
  if (!picked.all) {
    const chosen = new Set(picked.keys);
    const inOrder = held.map(({ order }) => order).filter((order) => chosen.delete(order));
    return [...inOrder, ...chosen].slice(0, most);
  }
  const without = new Set(picked.keys);
  const orders: string[] = [];
  let view: number | null = null;
  for (let at = 0; orders.length < most; at += PAGE_ROWS) {
    const page: { rows: OrderRowView[]; view: number } = await call("order_rows", { ...question, at, limit: PAGE_ROWS, view });
    view = page.view;
    orders.push(...page.rows.map(({ order }) => order).filter((order) => !without.has(order)));
    if (page.rows.length < PAGE_ROWS) break;
  }
  return orders.slice(0, most);
}
