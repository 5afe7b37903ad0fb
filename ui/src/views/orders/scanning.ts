/** What a scanner read: the number of an order, or something else. */

import { isCode } from "$src/app/scan";
import { call } from "$src/backend/host";

/** Orders that one code may be found in. */
const FOUND_MAX = 20;

/** What a code is, beside a tracking number: an order's number, or goods of the catalogue. */
export type Scanned = { kind: "order"; order: string } | { kind: "goods"; sku: string } | { kind: "other" };

/** The SKU that has this code, or is it; null where none has. */
export async function findGoods(code: string): Promise<string | null> {
  const wanted = code.trim();
  if (wanted === "") return null;
  const { products } = await call("products", { search: wanted, limit: FOUND_MAX });
  return products.find((product) => isCode(wanted, product))?.sku ?? null;
}

/** What a scanned code stands for. */
export async function whatIs(code: string): Promise<Scanned> {
  const [order, sku] = await Promise.all([findScanned(code), findGoods(code)]);
  if (order !== null) return { kind: "order", order };
  return sku === null ? { kind: "other" } : { kind: "goods", sku };
}

/** `ACCOUNT/ID` of the order that has exactly this number; null where none has. */
export async function findScanned(code: string): Promise<string | null> {
  const wanted = code.trim().toLowerCase();
  const { rows } = await call("order_rows", { search: wanted, limit: FOUND_MAX });
  return rows.find((row) => row.order_id.toLowerCase() === wanted)?.order ?? null;
}

/** Numbers that are looked up at once. */
const ASKED_AT_ONCE = 6;

/** Which of these numbers are goods of the catalogue, by number: no parcel has such a one. */
export async function goodsAmong(numbers: readonly string[], find: (code: string) => Promise<string | null> = findGoods): Promise<Map<string, string>> {
  const goods = new Map<string, string>();
  const left = [...new Set(numbers)];
  const look = async () => {
    for (let code = left.pop(); code !== undefined; code = left.pop()) {
      const sku = await find(code);
      if (sku !== null) goods.set(code, sku);
    }
  };
  await Promise.all(Array.from({ length: ASKED_AT_ONCE }, look));
  return goods;
}
