/** Listings of many products in one go: what a command is told of them, and how many change. */

import type { ListingsManyRequest, ListingsManyResponse } from "$src/backend/bindings";

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
