/** What changes are called. */

import type { ChangeGroup, ChangeState } from "$src/backend/bindings";
import { plural } from "$src/app/locale.svelte";
import { listed, quantity } from "$src/parts/format";
import type { StateName } from "$src/parts/states";
import { m } from "$words";

const GROUPS: Record<ChangeGroup, () => string> = {
  aftersales: m.sync_group_aftersales, quantity_down: m.sync_group_quantity_down, end: m.sync_group_end,
  price_down: m.sync_group_price_down, price_up: m.sync_group_price_up, quantity_up: m.sync_group_quantity_up,
  revise: m.sync_group_revise, publish: m.sync_group_publish,
};

export const GROUPS_IN_ORDER = Object.keys(GROUPS) as ChangeGroup[];

/** What changes are alike in: `Prices down`. */
export function groupWord(group: ChangeGroup): string {
  return GROUPS[group]();
}

type Counted = "price" | "quantity" | "publish" | "revise" | "end" | "aftersales";

const COUNTED: Record<ChangeGroup, Counted> = {
  price_down: "price", price_up: "price", quantity_down: "quantity", quantity_up: "quantity",
  publish: "publish", revise: "revise", end: "end", aftersales: "aftersales",
};

const COUNTS: Record<Counted, [(of: { count: string }) => string, (of: { count: string }) => string]> = {
  price: [m.sync_prices_one, m.sync_prices], quantity: [m.sync_quantities_one, m.sync_quantities],
  publish: [m.sync_publishes_one, m.sync_publishes], revise: [m.sync_revises_one, m.sync_revises],
  end: [m.sync_ends_one, m.sync_ends], aftersales: [m.sync_aftersales_one, m.sync_aftersales],
};

/** Changes by what they are: `74 prices and 31 quantities`; no word for none. */
export function countsText(groups: readonly { group: ChangeGroup; count: number }[]): string[] {
  const sums = new Map<Counted, number>();
  for (const { group, count } of groups) sums.set(COUNTED[group], (sums.get(COUNTED[group]) ?? 0) + count);
  return [...sums].filter(([, count]) => count > 0).map(([kind, count]) => {
    const [one, other] = COUNTS[kind];
    const of = { count: quantity(count) };
    return plural(count, { one: () => one(of), other: () => other(of) });
  });
}

/** Ways of travelling: `5 calls and 1 feed`. */
export function callsText(lanes: readonly { delivery: string; calls: number }[]): string {
  const feeds = lanes.filter(({ delivery }) => delivery !== "call").reduce((sum, { calls }) => sum + calls, 0);
  const calls = lanes.filter(({ delivery }) => delivery === "call").reduce((sum, lane) => sum + lane.calls, 0);
  const words = [
    calls > 0 ? plural(calls, { one: () => m.sync_calls_one({ count: quantity(calls) }), other: () => m.sync_calls({ count: quantity(calls) }) }) : null,
    feeds > 0 ? plural(feeds, { one: () => m.sync_feeds_one({ count: quantity(feeds) }), other: () => m.sync_feeds({ count: quantity(feeds) }) }) : null,
  ];
  return listed(words.filter((word) => word !== null));
}

/** How long something takes, from seconds: `about 4 min`. */
export function takesText(seconds: number): string {
  if (seconds < 60) return m.sync_takes_seconds({ count: quantity(Math.max(1, Math.round(seconds))) });
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return m.sync_takes_minutes({ count: quantity(minutes) });
  return m.sync_takes_hours({ count: quantity(Math.round(minutes / 60)) });
}

const STATES: Record<ChangeState, { state: StateName; word: () => string }> = {
  waiting: { state: "pending", word: m.sync_state_waiting }, held: { state: "needs_you", word: m.sync_state_held },
  in_flight: { state: "sent", word: m.sync_state_in_flight }, accepted: { state: "answered", word: m.sync_state_accepted },
  unknown: { state: "unknown", word: m.sync_state_unknown }, applied: { state: "live", word: m.sync_state_applied },
  refused: { state: "refused", word: m.sync_state_refused }, dropped: { state: "off", word: m.sync_state_dropped },
};

export const CHANGE_STATES = Object.keys(STATES) as ChangeState[];

/** Where a change is. */
export function stateLook(state: ChangeState): { state: StateName; word: string } {
  const look = STATES[state];
  return { state: look.state, word: look.word() };
}
