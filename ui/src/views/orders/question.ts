/** The list of orders as the address says it: part, search, filters, sort. */

import type { OrderListFilter, OrderRowsRequest, OrdersShown, OrderSort, OrderState, OrderTab } from "$src/backend/bindings";
import { split } from "$src/parts/filters";
import type { GridSort } from "$src/parts/grid/columns.svelte";

import { toMinor } from "./amounts";

export type Params = Readonly<Record<string, string>>;

/** The parts of the list; those beside the title, and what a link may ask for. */
export type TabId = OrderTab | "all";
export const TABS: readonly TabId[] = ["to_ship", "needs_you", "pending", "shipped", "all"];

/** The part that lists no orders: cases after the sale. */
export const CASES = "cases";
/** The other one: what buyers write. */
export const MESSAGES = "messages";

export const STATES: readonly OrderState[] = ["pending", "to_ship", "partly_shipped", "shipped", "delivered", "cancelled", "unknown"];

/** Columns by which the list can be sorted, with the host's names. */
export const SORTS: Readonly<Record<string, OrderSort>> = {
  ship_by: "ship_by", placed: "placed", total: "total", account: "account", order: "number",
};

/** What is not a filter. */
const NO_FILTER = ["tab", "sort", "closed", "waiting", "talk"];

const EMPTY: OrderListFilter = {
  tab: null, states: [], accounts: [], ship_from: null, ship_before: null, placed_from: null, placed_before: null,
  total_min: null, unmatched: null, on_hold: null, cancel_requested: null, own: null,
};

export function tabOf(params: Params): TabId {
  const found = [...TABS, "cancelled" as const].find((one) => one === params.tab);
  return found ?? "to_ship";
}

/** What waits is sorted by its deadline, what is done by when it was placed. */
export function sortOf(params: Params): GridSort {
  const [column = "", way] = (params.sort ?? "").split("-");
  if (column in SORTS) return { column, descending: way === "down" };
  const waits = ["to_ship", "needs_you", "pending"].includes(tabOf(params));
  return waits ? { column: "ship_by", descending: false } : { column: "placed", descending: true };
}

/** A sort as the address has it. */
export function sortText(sort: GridSort): string {
  return `${sort.column}${sort.descending ? "-down" : ""}`;
}

/** Whether the list is in groups: by the day on which orders must leave. */
export function isGrouped(params: Params): boolean {
  return sortOf(params).column === "ship_by";
}

/** The seller's midnight, so many days from today. */
function midnight(now: Date, days: number): string {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days).toISOString();
}

type Bounds = Pick<OrderListFilter, "ship_from" | "ship_before">;

function dueBounds(due: string | undefined, now: Date): Bounds {
  switch (due) {
    case "late": return { ship_from: null, ship_before: now.toISOString() };
    case "today": return { ship_from: midnight(now, 0), ship_before: midnight(now, 1) };
    case "tomorrow": return { ship_from: midnight(now, 1), ship_before: midnight(now, 2) };
    case "week": return { ship_from: null, ship_before: midnight(now, 7) };
    default: return { ship_from: null, ship_before: null };
  }
}

/** Days back that orders can be filtered by. */
export const PLACED_DAYS = ["1", "7", "30", "90"] as const;

function placedFrom(days: string | undefined, now: Date): string | null {
  const known = PLACED_DAYS.find((one) => one === days);
  return known === undefined ? null : midnight(now, 1 - Number(known));
}

function flag(text: string | undefined): boolean | null {
  return text === "yes" ? true : text === "no" ? false : null;
}

/** The filter of the address. `currency` is that of the list. */
export function filterOf(params: Params, now: Date, currency: string): OrderListFilter {
  const tab = tabOf(params);
  return {
    ...EMPTY,
    tab: tab === "all" ? null : tab,
    states: split(params.state ?? "").flatMap((one) => STATES.find((state) => state === one) ?? []),
    accounts: split(params.account ?? ""),
    ...dueBounds(params.due, now),
    placed_from: placedFrom(params.placed, now),
    total_min: params.total_min ? toMinor(params.total_min, currency) : null,
    unmatched: flag(params.unmatched),
    on_hold: flag(params.hold),
    cancel_requested: flag(params.cancel),
    own: flag(params.own),
  };
}

export type ListQuestion = Required<Pick<OrderRowsRequest, "search" | "sort" | "descending" | "filter" | "offset_minutes">>;

/** The list that the address asks for. */
export function questionOf(params: Params, now: Date, currency: string): ListQuestion {
  const sort = sortOf(params);
  return {
    search: params.q?.trim() || null,
    sort: SORTS[sort.column] ?? "ship_by",
    descending: sort.descending,
    filter: filterOf(params, now, currency),
    offset_minutes: -now.getTimezoneOffset(),
  };
}

/** What a file of the list has: the same orders, in the same order. */
export function shownBy({ search, filter, sort, descending }: ListQuestion): OrdersShown {
  return { search, filter, sort, descending };
}

/** Whether anything narrows the part that is shown. */
export function isNarrowed(params: Params): boolean {
  return Object.keys(params).some((name) => !NO_FILTER.includes(name));
}
