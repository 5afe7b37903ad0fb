/** What is asked before the buyer of an order is erased. */

import type { OrderDetailResponse } from "$src/backend/bindings";
import { m } from "$words";

export interface EraseQuestion {
  /** The order, as commands name it. */
  name: string;
  text: string;
  /** What is lost with it; null where nothing more is. */
  warning: string | null;
  /** Said instead, where there is nobody left to erase. */
  gone: string | null;
}

export function eraseQuestion({ order, erased_at, lines }: Pick<OrderDetailResponse, "order" | "erased_at" | "lines">): EraseQuestion {
  const name = `${order.account}/${order.order_id}`;
  const open = lines.some((line) => line.open > 0) && order.fulfilled_by === "seller";
  return {
    name,
    text: m.settings_people_ask({ order: name }),
    warning: open ? m.settings_people_to_ship() : null,
    gone: erased_at === null ? null : m.settings_people_gone({ order: name }),
  };
}
