/** Listings of many products in one go: what a command is told of them, and how many change. */

import type { ListingsManyRequest, ListingsManyResponse, ProductsResponse } from "$src/backend/bindings";

import { call } from "$src/backend/host";

import type { Picked } from "./grid/selection.svelte";

/** The products that are meant: by their SKUs, or everything that is found without some. */
export type Chosen = Pick<ListingsManyRequest, "skus" | "all" | "search" | "filter" | "except">;

export function chosenOf({ all, keys }: Picked, found: Pick<Chosen, "search" | "filter">): Chosen {
  return all ? { all: true, search: found.search, filter: found.filter, except: keys } : { skus: keys };
}

/** Listings that change, at all accounts together. */
export function changedBy(answer: Pick<ListingsManyResponse, "places">): number {
  return answer.places.reduce((sum, { changed }) => sum + changed, 0);
}

/** Accounts where something is listed, or would be: those that a preview has something to say of. */
export function placesOf(answer: Pick<ListingsManyResponse, "places">): ListingsManyResponse["places"] {
  const some = answer.places.filter(({ changed, unchanged }) => changed + unchanged > 0);
  return some.length > 0 ? some : answer.places;
}

/** SKUs that can be listed in one go, and products that can be looked at before. */
export const LISTED_MAX = 10_000;
export const LOOKED_MAX = 100_000;
const PAGE = 1_000;

/** Of products at one account: how many are listed there, and how many are not. */
export function listedBy({ places, products }: Pick<ListingsManyResponse, "places" | "products">): { there: number; missing: number } {
  const missing = places[0]?.not_listed ?? products;
  return { there: products - missing, missing };
}

/** The SKUs of everything that is found, without those that were taken out; at most `LISTED_MAX`. */
export async function foundSkus({ search, filter, except }: Chosen): Promise<string[]> {
  const without = new Set(except);
  const skus: string[] = [];
  let view: number | null = null;
  for (let at = 0; at < LISTED_MAX; at += PAGE) {
    const answer: ProductsResponse = await call("products", { search, filter, sort: "sku", at, limit: PAGE, view });
    view = answer.view ?? null;
    skus.push(...answer.products.map(({ sku }) => sku).filter((sku) => !without.has(sku)));
    if (answer.products.length < PAGE) break;
  }
  return skus;
}
