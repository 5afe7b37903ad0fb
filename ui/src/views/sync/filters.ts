/** What the plan and the receipts can be filtered by, as sentences. */

import type { PlanResponse } from "$src/backend/bindings";
import { split, type FilterKind } from "$src/parts/filters";
import { quantity } from "$src/parts/format";
import { m } from "$words";

import { ACTION_KINDS, kindWord } from "$src/parts/kinds";
import { CHANGE_STATES, groupWord, GROUPS_IN_ORDER, stateLook } from "./words";

type Choices = () => readonly { value: string; label: string; note?: string }[];

/** One of several, named while it is one and counted beyond. */
function several(id: string, title: () => string, one: () => string, many: () => string, count: (of: { count: string }) => string, choices: Choices): FilterKind {
  const label = (value: string) => choices().find((choice) => choice.value === value)?.label ?? value;
  return {
    id, title, several: true, choices,
    says: (value) => (split(value).length > 1 ? many() : one()),
    value: (value) => (split(value).length > 1 ? count({ count: quantity(split(value).length) }) : label(value)),
  };
}

const account = (names: readonly string[]) =>
  several("account", m.sync_account, m.sync_account_is, m.sync_account_one_of, m.sync_accounts_of, () => names.map((value) => ({ value, label: value })));

/** Of a plan, with how many there are of each. */
export function planFilters(plan: PlanResponse | undefined): FilterKind[] {
  const accounts = plan?.accounts ?? [];
  const counts = new Map<string, number>();
  for (const { group, count } of accounts.flatMap(({ groups }) => groups)) counts.set(group, (counts.get(group) ?? 0) + count);
  return [
    account(accounts.map((one) => one.account)),
    several("kind", m.sync_change, m.sync_change_is, m.sync_change_one_of, m.sync_kinds_of, () =>
      GROUPS_IN_ORDER.filter((group) => counts.has(group)).map((group) => ({ value: group, label: groupWord(group), note: quantity(counts.get(group) ?? 0) }))),
    several("state", m.sync_state, m.sync_state_is, m.sync_state_one_of, m.sync_states_of, () => [
      { value: "wanted", label: m.receipt_wanted() }, { value: "held", label: m.sync_state_held() }, { value: "refused", label: m.sync_state_left_out() },
    ]),
  ];
}

const SINCE: Record<string, () => string> = { "1": m.sync_since_today, "7": m.sync_since_week, "30": m.sync_since_month };

/** Of receipts. */
export function receiptFilters(names: readonly string[]): FilterKind[] {
  return [
    ...(names.length > 0 ? [{
      id: "account", title: m.sync_account, says: () => m.sync_account_is(), value: (value: string) => value,
      choices: () => names.map((value) => ({ value, label: value })),
    }] : []),
    several("kind", m.sync_change, m.sync_change_is, m.sync_change_one_of, m.sync_kinds_of, () => ACTION_KINDS.map((value) => ({ value, label: kindWord(value) }))),
    several("state", m.sync_state, m.sync_state_is, m.sync_state_one_of, m.sync_states_of, () => CHANGE_STATES.map((value) => ({ value, label: stateLook(value).word }))),
    {
      id: "since", title: m.sync_when, says: () => m.sync_wanted_is(), value: (value) => SINCE[value]?.() ?? value,
      choices: () => Object.entries(SINCE).map(([value, label]) => ({ value, label: label() })),
    },
  ];
}

/** The first day of a span that ends today, as the host reads days. */
export function sinceDay(days: string | undefined, now: Date): string | null {
  const count = Number(days);
  if (!Number.isInteger(count) || count < 1) return null;
  const at = new Date(now.getFullYear(), now.getMonth(), now.getDate() - count + 1);
  return at.toISOString();
}
