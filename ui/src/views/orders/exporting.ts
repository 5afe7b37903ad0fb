/** Orders in a file, line by line as CSV, whole as JSON. */

import { notify, notifyError } from "$src/app/notices.svelte";
import type { ExportFormat, OrdersShown } from "$src/backend/bindings";
import { call, placeFor } from "$src/backend/host";
import { counted } from "$src/parts/format";
import { m } from "$words";

/** A name that sorts by its day: `orders-2026-11-22.csv`. */
export function exportName(format: ExportFormat, now: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `orders-${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}.${format}`;
}

/** Writes all orders, or those that the list shows, in its order. */
export async function exportOrders(format: "csv" | "json", shown: OrdersShown | null = null): Promise<void> {
  try {
    const out = await placeFor(exportName(format, new Date()), [{ name: format.toUpperCase(), extensions: [format] }]);
    if (out === null) return;
    const answer = await call("export", { what: "orders", format, out, shown });
    const file = answer.file ?? out;
    notify({ text: counted(answer.done, () => m.orders_exported_one({ file }), ({ count }) => m.orders_exported({ count, file })) });
  } catch (error) {
    notifyError(error);
  }
}
