/** What a scanner read: the number of an order, or something else. */

import { call } from "$src/backend/host";

/** Orders that one code may be found in. */
const FOUND_MAX = 20;

/** `ACCOUNT/ID` of the order that has exactly this number; null where none has. */
export async function findScanned(code: string): Promise<string | null> {
  const wanted = code.trim().toLowerCase();
  const { rows } = await call("order_rows", { search: wanted, limit: FOUND_MAX });
  return rows.find((row) => row.order_id.toLowerCase() === wanted)?.order ?? null;
}
