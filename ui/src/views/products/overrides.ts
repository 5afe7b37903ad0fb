/** Own values of a listing. */

import type { ListingView } from "$src/backend/bindings";
import { call } from "$src/backend/host";

import { refusedWords } from "./edits";

/** Sets an own value, or takes it back with null. Answers why not. */
export async function keepOverride(listing: ListingView, field: string, value: string | null): Promise<string | null> {
  const { account, site, sku, revision } = listing;
  try {
    const overrides = { [field]: value ?? "" };
    const { refused } = await call("listing_set", { account, site, sku, overrides, expected: revision });
    return refusedWords(refused);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
