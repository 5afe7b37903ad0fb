/** What a scanner read: an order, a product, or nothing that is known. */

import { notify } from "$src/app/notices.svelte";
import { go } from "$src/app/route.svelte";
import { call } from "$src/backend/host";
import { m } from "$words";

import { questionOf } from "./question";
import { refuseTone } from "./tone";

/** Finds the order of a number; a product is shown where it is. Null where no order is meant. */
export async function findScanned(text: string): Promise<string | null> {
  const code = text.trim();
  const question = { ...questionOf({ tab: "all" }, new Date(), "USD"), search: code };
  const { rows } = await call("order_rows", { ...question, limit: 20 });
  const exact = rows.find((row) => row.order_id.toLowerCase() === code.toLowerCase());
  if (exact !== undefined) return exact.order;
  const { products } = await call("products", { search: code, limit: 1 });
  const [product] = products;
  if (product !== undefined && (product.sku.toLowerCase() === code.toLowerCase() || product.gtin === code)) {
    go("products", product.sku);
    return null;
  }
  refuseTone();
  notify({ text: m.orders_scan_unknown({ code }) });
  return null;
}
