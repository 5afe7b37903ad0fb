/** What waits for a yes, as a question. */

import type { HeldGroupView, HeldRowView } from "$src/backend/bindings";
import { quantity } from "$src/parts/format";
import { m } from "$words";

/** Whether prices of a group fall, rise, or both. */
export function direction(rows: readonly HeldRowView[]): "fall" | "rise" | "both" {
  const moves = rows.map(({ by }) => by ?? 0);
  if (moves.length > 0 && moves.every((by) => by < 0)) return "fall";
  return moves.length > 0 && moves.every((by) => by > 0) ? "rise" : "both";
}

/** The question itself. `rows` are all of the group, or as many as were read. */
export function questionOf(group: HeldGroupView, rows: readonly HeldRowView[]): string {
  const of = { count: quantity(group.count), account: group.account };
  const one = group.count === 1;
  if (group.change === "set_price") {
    const way = rows.length === group.count ? direction(rows) : "both";
    if (way === "fall") return one ? m.sync_ask_price_fall_one(of) : m.sync_ask_price_fall(of);
    if (way === "rise") return one ? m.sync_ask_price_rise_one(of) : m.sync_ask_price_rise(of);
    return one ? m.sync_ask_price_one(of) : m.sync_ask_price(of);
  }
  if (group.change === "set_quantity") return one ? m.sync_ask_quantity_one(of) : m.sync_ask_quantity(of);
  if (group.change === "end") return one ? m.sync_ask_end_one(of) : m.sync_ask_end(of);
  return one ? m.sync_ask_other_one(of) : m.sync_ask_other(of);
}

/** Where values come from: `user` and `import:46` as the host writes them. */
export function originText(origin: string | null): string {
  const [kind = "", id = ""] = (origin ?? "").split(":");
  switch (kind) {
    case "user": return m.origin_user();
    case "import": return m.origin_import({ id });
    case "account": return m.origin_account();
    case "rule": return m.origin_rule();
    default: return "";
  }
}

/** Why they wait: the host's words tell of one, and of several there is a sentence of its own. */
export function whyOf({ count, why, problem, account }: HeldGroupView): string {
  if (count === 1) return problem.reason;
  if (why === "price_moves_far") return m.sync_far_is({ account });
  return why === "stock_emptied" || why === "many_changes" ? m.sync_many_is({ account }) : problem.reason;
}

/** From where they come, what is not sent, what goes on. */
export function explanation(group: HeldGroupView, rows: readonly HeldRowView[], others: number): string {
  const origins = new Set(rows.map(({ origin }) => origin));
  const [origin = null] = origins;
  const from = origins.size === 1 && origin !== null && originText(origin) !== ""
    ? (origin === "user" ? m.sync_from_you() : m.sync_from({ origin: originText(origin) }))
    : "";
  const rest = others > 0 ? m.sync_others_go_on({ count: quantity(others) }) : m.sync_until_answer();
  return [whyOf(group), from, rest].filter((text) => text !== "").join(" ");
}

/** The rows that move farthest, first. */
export function farthest(rows: readonly HeldRowView[], count: number): HeldRowView[] {
  return [...rows].sort((a, b) => Math.abs(b.by ?? 0) - Math.abs(a.by ?? 0)).slice(0, count);
}

/** The word on the button that says no. */
export function keepWord({ change, count }: Pick<HeldGroupView, "change" | "count">): string {
  if (change === "end") return m.sync_keep_listed();
  return count === 1 ? m.sync_keep_price() : m.sync_keep_prices();
}

/** What is asked, by name: another number of changes, or one that became another, is another question. */
export function shownName(group: HeldGroupView): string {
  return `${groupId(group)} ${group.count} ${group.seen.newest} ${group.seen.at}`;
}

/** A name for a group in the address. */
export function groupId({ account, change, why }: Pick<HeldGroupView, "account" | "change" | "why">): string {
  return [change, why, account].join(".");
}
