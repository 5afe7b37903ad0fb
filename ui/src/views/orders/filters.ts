/** What the list of orders can be filtered by. */

import { split, type FilterKind } from "$src/parts/filters";
import { decimal, quantity } from "$src/parts/format";
import { m } from "$words";

import { PLACED_DAYS, STATES } from "./question";
import { stateSign } from "./words";

const DUE: Record<string, () => string> = {
  late: m.orders_due_late, today: m.orders_due_today, tomorrow: m.orders_due_tomorrow, week: m.orders_due_week,
};

const yesNo = (id: string, title: () => string, says: () => string, yes: () => string, no: () => string): FilterKind => ({
  id, title, says: () => says(),
  value: (value) => (value === "yes" ? yes() : no()),
  choices: () => [{ value: "yes", label: yes() }, { value: "no", label: no() }],
});

const placedWord = (days: string) => (days === "1" ? m.orders_placed_today() : m.orders_placed_days({ count: days }));

const stateWord = (value: string) => {
  const state = STATES.find((one) => one === value);
  return state === undefined ? value : stateSign(state).word;
};

/** `accounts`: names of those that there are; `currency`: that of the list. */
export function filterKinds(accounts: readonly string[], currency: () => string): FilterKind[] {
  return [
    {
      id: "due", title: m.orders_ship_by, says: () => m.orders_ship_by_is(), value: (value) => DUE[value]?.() ?? value,
      choices: () => Object.entries(DUE).map(([value, label]) => ({ value, label: label() })),
    },
    ...(accounts.length > 0 ? [{
      id: "account", title: m.orders_account, several: true,
      says: (value: string) => (split(value).length > 1 ? m.orders_account_one_of() : m.orders_account_is()),
      value: (value: string) => (split(value).length > 1 ? m.orders_accounts({ count: quantity(split(value).length) }) : value),
      choices: () => accounts.map((value) => ({ value, label: value })),
    }] : []),
    {
      id: "state", title: m.orders_state, several: true,
      says: (value) => (split(value).length > 1 ? m.orders_state_one_of() : m.orders_state_is()),
      value: (value) => (split(value).length > 1 ? m.orders_states({ count: quantity(split(value).length) }) : stateWord(value)),
      choices: () => STATES.map((value) => ({ value, label: stateWord(value) })),
    },
    {
      id: "placed", title: m.orders_placed, says: () => m.orders_placed_is(), value: placedWord,
      choices: () => PLACED_DAYS.map((value) => ({ value, label: placedWord(value) })),
    },
    {
      id: "total_min", title: m.orders_total, says: () => m.orders_total_at_least(), number: { unit: currency },
      value: (value) => `${decimal(value)} ${currency()}`,
    },
    yesNo("unmatched", m.orders_match, m.orders_match_is, m.orders_match_missing, m.orders_match_there),
    yesNo("cancel", m.orders_cancellation, m.orders_cancellation_is, m.orders_asked_for, m.orders_not_asked_for),
    yesNo("hold", m.orders_hold, m.orders_hold_is, m.orders_on_hold, m.orders_not_on_hold),
    yesNo("own", m.orders_shipper, m.orders_shipper_is, m.orders_shipper_you, m.orders_shipper_other),
  ];
}
