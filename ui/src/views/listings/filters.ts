/** What the table can be filtered by. */

import type { FilterKind } from "$src/parts/filters";
import { STATES, type StateName } from "$src/parts/states";
import { m } from "$words";

import { STATE_FILTERS } from "./question";

function stateWord(value: string): string {
  if (value === "listed") return m.listings_listed();
  return value === "not_listed" ? m.listings_not_listed() : (STATES[value as StateName]?.word() ?? value);
}

/** `stated`: the tab says the state already. */
export function filterKinds(accounts: readonly string[], stated: boolean): FilterKind[] {
  const state: FilterKind = {
    id: "state", title: m.listings_state, says: () => m.listings_state_is(), value: stateWord,
    choices: () => ["listed", "not_listed", ...STATE_FILTERS].map((value) => ({ value, label: stateWord(value) })),
  };
  const account: FilterKind = {
    id: "account", title: m.listings_account, says: () => m.listings_account_is(), value: (value) => value,
    choices: () => accounts.map((value) => ({ value, label: value })),
  };
  return [...(stated ? [] : [state]), ...(accounts.length > 0 ? [account] : [])];
}
