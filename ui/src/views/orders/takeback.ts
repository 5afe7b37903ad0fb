/** Taking back shipments that the marketplace was not told of yet. */

import { notifyError, type Notice } from "$src/app/notices.svelte";
import type { OrderDocument, ShipTakeBackRequest } from "$src/backend/bindings";
import { call } from "$src/backend/host";
import { marketplaceName } from "$src/parts/marks";
import { m } from "$words";

type Which = Omit<ShipTakeBackRequest, "order">;

/** Takes shipments of an order back. Answers the notice of it, which queues them again. */
export async function takeBack(order: Pick<OrderDocument, "account" | "order_id" | "marketplace">, which: Which): Promise<Omit<Notice, "id" | "at" | "tone">> {
  const name = `${order.account}/${order.order_id}`;
  const taken = await call("ship_take_back", { order: name, ...which });
  return {
    about: [name],
    text: m.orders_taken_back({ order: order.order_id, marketplace: marketplaceName(order.marketplace) }),
    undoByHand: true,
    undo: () => void call("ship_many", { orders: taken.shipments }).catch(notifyError),
  };
}

/** Orders with the changes that ship them, as `ship_many` answered: those that were refused have
 *  none. */
export function shippedBy(orders: readonly string[], refused: ReadonlySet<string | null | undefined>, changes: readonly number[]): { order: string; change: number }[] {
  const done = orders.filter((order) => !refused.has(order));
  return done.flatMap((order, at) => (changes[at] === undefined ? [] : [{ order, change: changes[at] }]));
}

/** Takes back what was shipped in one go, as far as it has not left yet. */
export async function takeAllBack(shipped: readonly { order: string; change: number }[]): Promise<void> {
  const failed: unknown[] = [];
  for (const one of shipped) await call("ship_take_back", one).catch((error: unknown) => failed.push(error));
  if (failed.length > 0) notifyError(failed[0]);
}
