/** The list of products by accounts, as the address says it: tab, cause, filters, search. */

import type { CellState, Filter, ListingFilter, ProductsRequest } from "$src/backend/bindings";

export type Params = Readonly<Record<string, string>>;

/** States that have a tab; the others are filters. */
export const TAB_STATES = ["needs_you", "refused", "sent", "off"] as const satisfies readonly CellState[];
export const STATE_FILTERS: readonly CellState[] = ["live", "pending", "sent", "refused", "needs_you", "unknown", "off"];

export type TabId = "all" | "problems" | (typeof TAB_STATES)[number];

const EMPTY: Filter = {
  kind: null, on_hand: null, on_hand_min: null, on_hand_max: null, available_min: null, available_max: null, priced: null, currency: null, price_min: null, price_max: null,
  costed: null, margin_min: null, margin_max: null, brand: null, brands: [], gtin: null, images: null, handle: null,
  listing: null,
};

export function tabOf(params: Params): TabId {
  const tab = params.tab ?? "";
  return tab === "problems" ? tab : (TAB_STATES.find((one) => one === tab) ?? "all");
}

/** Only where a listing stands as asked; null where all products are meant. */
export function listingFilter(params: Params, cause: string | null): ListingFilter | null {
  const tab = tabOf(params);
  const account = params.account || null;
  if (tab === "problems") return cause === null ? null : { account, listed: null, state: null, cause };
  const said = params.state ?? "";
  const listed = said === "listed" ? true : said === "not_listed" ? false : null;
  const state = tab === "all" ? (STATE_FILTERS.find((one) => one === said) ?? null) : tab;
  const asks = account !== null || state !== null || listed !== null;
  // An account alone says nothing of a listing there: it is meant that there is one.
  return asks ? { account, listed: state === null ? (listed ?? true) : null, state, cause: null } : null;
}

export function filterOf(listing: ListingFilter | null): Filter {
  return { ...EMPTY, listing };
}

export type ListQuestion = Required<Pick<ProductsRequest, "search" | "filter" | "sort" | "descending">>;

/** The list that the address asks for; `cause` is the one that is open. Null asks for nothing: no
 *  listing has a problem. */
export function questionOf(params: Params, cause: string | null): ListQuestion | null {
  if (tabOf(params) === "problems" && cause === null) return null;
  return { search: params.q?.trim() || null, filter: filterOf(listingFilter(params, cause)), sort: null, descending: false };
}

/** Whether the list shows less than all products. */
export function isNarrowed(question: ListQuestion | null): boolean {
  return question === null || question.search !== null || question.filter.listing !== null;
}
