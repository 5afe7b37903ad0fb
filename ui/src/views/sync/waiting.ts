/** The outbox as lines, and what is left out by cause. */

import type { ActionKind, ChangeState, OutboxAccount, PlanResponse } from "$src/backend/bindings";

export interface OutboxLine {
  account: string;
  marketplace: string;
  change: ActionKind;
  down: boolean;
  state: ChangeState;
  count: number;
  due: string | null;
  /** The first line of its account: the name stands there alone. */
  head: boolean;
}

/** What waits for a person first, then what is not known, then the rest in the order of sending. */
const ORDER: ChangeState[] = ["held", "unknown", "refused", "waiting", "in_flight", "accepted", "applied", "dropped"];

export function outboxLines(accounts: readonly OutboxAccount[]): OutboxLine[] {
  return accounts.flatMap(({ account, marketplace, counts, next_due }) =>
    [...counts]
      .sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state))
      .map(({ change, down, state, count }, index) => ({ account, marketplace, change, down, state, count, due: next_due, head: index === 0 })));
}

export interface RefusedCause {
  account: string;
  marketplace: string;
  reason: string;
  /** The marketplace's own words. */
  vendor: string | null;
  count: number;
  /** The first ones. */
  skus: string[];
}

const SKUS_SHOWN = 3;

/** What a plan leaves out, 41 rows with one cause as one line, the most first. */
export function causes(plan: PlanResponse | undefined): RefusedCause[] {
  const found = new Map<string, RefusedCause>();
  for (const { account, marketplace, refused } of plan?.accounts ?? []) {
    for (const { sku, reason, vendor } of refused) {
      const name = JSON.stringify([account, reason]);
      const cause = found.get(name) ?? { account, marketplace, reason, vendor: vendor?.text ?? null, count: 0, skus: [] };
      cause.count += 1;
      if (sku !== null && cause.skus.length < SKUS_SHOWN) cause.skus.push(sku);
      found.set(name, cause);
    }
  }
  return [...found.values()].sort((a, b) => b.count - a.count);
}
