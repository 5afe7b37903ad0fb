/** Where the actions of Home lead. */

import type { ToShipView } from "$src/backend/bindings";
import { counted } from "$src/parts/format";
import { m } from "$words";

import { dueToday, nextOf } from "./ship";

export interface ShipPlace {
  label: () => string;
  params: Record<string, string>;
}

/** The orders that are shipped first: late ones, then those of the next deadline. */
export function shipPlace(toShip: ToShipView, now: number): ShipPlace | null {
  if (toShip.count === 0) return null;
  if (toShip.overdue > 0) {
    return { label: () => counted(toShip.overdue, m.home_ship_late_one, m.home_ship_late), params: { due: "late" } };
  }
  const next = nextOf(toShip);
  if (next.length === 0) return { label: m.home_ship_all, params: {} };
  const count = next.reduce((all, one) => all + one.count, 0);
  const accounts = [...new Set(next.map((one) => one.account))];
  const account = accounts.length === 1 ? (accounts[0] ?? "") : "";
  const today = dueToday(next, now).length > 0;
  return { label: () => counted(count, m.home_ship_next_one, m.home_ship_next), params: { due: today ? "today" : "week", account } };
}

/** The orders whose goods are picked: today's, else all. */
export function pickPlace(toShip: ToShipView | undefined, now: number): Record<string, string> {
  return toShip !== undefined && dueToday(toShip.deadlines, now).length > 0 ? { due: "today" } : {};
}
