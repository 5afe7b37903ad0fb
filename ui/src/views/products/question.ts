/** The list of products as the address says it: search, filters, sort. */

import type { Filter, ProductsRequest, SortBy } from "$src/backend/bindings";
import { split } from "$src/parts/filters";
import type { GridSort } from "$src/parts/grid/columns.svelte";

export type Params = Readonly<Record<string, string>>;

/** Columns by which the list can be sorted, with the host's names. */
const SORTS: Record<string, SortBy> = {
  sku: "sku", title: "title", price: "price", cost: "cost", margin: "margin", on_hand: "quantity", available: "available", changed: "updated",
};

const EMPTY: Filter = {
  kind: null, on_hand: null, on_hand_min: null, on_hand_max: null, available_min: null, available_max: null, priced: null, currency: null, price_min: null, price_max: null,
  costed: null, margin_min: null, margin_max: null, brand: null, brands: [], gtin: null, images: null, handle: null,
  listing: null,
};

/** yes, no, or not asked. */
function flag(text: string | undefined): boolean | null {
  return text === "yes" ? true : text === "no" ? false : null;
}

/** A decimal text times a power of ten, without a float: `12.5` in hundredths is 1250. */
export function scaled(text: string | undefined, digits: number): number | null {
  const [, sign = "", whole = "", fraction = ""] = /^(-?)(\d{1,12})(?:\.(\d+))?$/.exec(text ?? "") ?? [];
  if (whole === "") return null;
  return Number(`${sign}${whole}${fraction.padEnd(digits, "0").slice(0, digits)}`);
}

/** The filter of the address. `digits` are the minor digits of the list's currency. */
export function filterOf(params: Params, digits = 2): Filter {
  const { brand = "", listing = "", account = "" } = params;
  const [account_state] = split(listing);
  const states = ["pending", "sent", "live", "refused", "needs_you", "unknown", "off"] as const;
  const state = states.find((one) => one === account_state) ?? null;
  const listed = listing === "listed" ? true : listing === "not_listed" ? false : null;
  const anywhere = state !== null || listed !== null || account !== "";
  return {
    ...EMPTY,
    kind: params.kind === "kit" ? "kit" : params.kind === "variant" ? "variant" : null,
    on_hand: flag(params.stock),
    on_hand_min: scaled(params.stock_min, 0),
    on_hand_max: scaled(params.stock_max, 0),
    available_max: scaled(params.available_max, 0),
    priced: flag(params.priced),
    // A bound is one of an amount in a currency; the address names it.
    currency: params.price_min || params.price_max ? (params.currency ?? null) : null,
    price_min: scaled(params.price_min, digits),
    price_max: scaled(params.price_max, digits),
    costed: flag(params.costed),
    margin_max: scaled(params.margin_max, 1),
    margin_min: scaled(params.margin_min, 1),
    brands: split(brand),
    gtin: flag(params.barcode),
    images: flag(params.images),
    handle: params.handle ?? null,
    listing: anywhere ? { account: account === "" ? null : account, listed, state, cause: params.cause ?? null } : null,
  };
}

/** What the list is sorted by; null as it is found. */
export function sortOf(params: Params): GridSort | null {
  const [column = "", way] = (params.sort ?? "").split("-");
  return column in SORTS ? { column, descending: way === "down" } : null;
}

/** A sort as the address has it. */
export function sortText(sort: GridSort): string {
  return `${sort.column}${sort.descending ? "-down" : ""}`;
}

export type ListQuestion = Required<Pick<ProductsRequest, "search" | "sort" | "descending" | "filter">>;

/** The list that the address asks for. */
export function questionOf(params: Params, digits = 2): ListQuestion {
  const sort = sortOf(params);
  return {
    search: params.q?.trim() || null,
    sort: sort === null ? null : (SORTS[sort.column] ?? null),
    descending: sort?.descending ?? false,
    filter: filterOf(params, digits),
  };
}

/** Whether anything narrows the list. */
export function isNarrowed(params: Params): boolean {
  return Object.keys(params).some((name) => !["sort", "tab", "listing_tab"].includes(name));
}
