/** What a scanned code stands for. */

import type { ViewId } from "./route.svelte";

interface ScannedOrder { account: string; order_id: string }
interface ScannedProduct { sku: string; gtin: string | null }

/** Codes are written with and without leading zeros: UPC, EAN and GTIN-14 are one number. */
function bare(code: string): string {
  return code.trim().toLowerCase().replace(/^0+(?=.)/, "");
}

/** Whether a code is that of a product: its SKU, or its barcode. */
export function isCode(code: string, { sku, gtin }: ScannedProduct): boolean {
  return bare(sku) === bare(code) || (gtin !== null && bare(gtin) === bare(code));
}

/** The order or product that a code names; a single product that was found for it otherwise. */
export function scanned(
  code: string,
  orders: readonly ScannedOrder[],
  products: readonly ScannedProduct[],
): { view: ViewId; item: string } | null {
  const order = orders.find(({ order_id }) => bare(order_id) === bare(code));
  if (order !== undefined) return { view: "orders", item: `${order.account}/${order.order_id}` };
  const exact = products.find((product) => isCode(code, product));
  const product = exact ?? (products.length === 1 ? products[0] : undefined);
  return product === undefined ? null : { view: "products", item: product.sku };
}
