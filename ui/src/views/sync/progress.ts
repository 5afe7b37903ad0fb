/** What the table of accounts tells: from the plan while nothing runs, from the outbox while it does. */

import type { AccountPlan, OutboxAccount, OutboxEntry, PlanResponse, RunStage } from "$src/backend/bindings";
import type { Step } from "$src/backend/runs.svelte";
import type { ReceiptStep } from "$src/parts/states";

export interface AccountRow {
  account: string;
  marketplace: string;
  plan: AccountPlan | null;
  /** Changes of this push. */
  total: number;
  /** How many of them have left. */
  sent: number;
  /** Share of `total` that has left, 0 to 1. */
  part: number;
  /** Whether some of them have not left, or are being sent: it can be stopped. */
  goes: boolean;
  held: number;
  receipt: ReceiptStep | null;
  /** What the run is at there, until something is sent: from then on the receipt tells. */
  stage: RunStage | null;
  /** When something is due that waits for a limit or an answer. */
  due: string | null;
}

const sum = (counts: readonly OutboxEntry[], ...states: OutboxEntry["state"][]) =>
  counts.filter(({ state }) => states.includes(state)).reduce((all, { count }) => all + count, 0);

/** How far the changes of an account are, by what is left of them. */
export function receiptOf(total: number, waiting: number, flying: number, accepted: number, unknown: number): ReceiptStep | null {
  if (total === 0) return null;
  if (unknown > 0) return "unknown";
  if (waiting >= total && flying + accepted === 0) return "wanted";
  if (waiting + flying + accepted > 0) return "sent";
  return "answered";
}

/** One line for each account that takes part; `running` reads the outbox against the plan of the run. */
export function accountRows(
  plan: PlanResponse | undefined, outbox: readonly OutboxAccount[], steps: readonly Step[], running: boolean,
): AccountRow[] {
  return (plan?.accounts ?? []).map((one) => {
    const box = outbox.find(({ account }) => account === one.account);
    const counts = box?.counts ?? [];
    const step = steps.find(({ account }) => account === one.account) ?? null;
    const [waiting, flying, accepted, unknown] =
      (["waiting", "in_flight", "accepted", "unknown"] as const).map((state) => sum(counts, state)) as [number, number, number, number];
    const total = Math.max(one.line_count, running ? 0 : waiting);
    // Until the plan of a run is in the outbox, all of it is still to go.
    const begun = running && step?.begun === true;
    const left = begun ? Math.min(total, waiting) : total;
    const sent = running ? total - left : 0;
    return {
      account: one.account, marketplace: one.marketplace, plan: one, total, sent,
      part: total === 0 ? 0 : sent / total,
      goes: total > 0 && (left > 0 || flying > 0),
      held: Math.max(one.held_count, sum(counts, "held")),
      receipt: running ? receiptOf(total, left, flying, accepted, unknown) : total > 0 ? "wanted" : null,
      stage: running && !begun ? (step?.stage ?? null) : null,
      due: box?.next_due ?? null,
    };
  });
}

export interface Totals { total: number; sent: number; held: number; refused: number; calls: number; seconds: number }

/** All accounts together; accounts are sent to beside each other, so the longest decides. */
export function totalsOf(rows: readonly AccountRow[]): Totals {
  const add = (of: (row: AccountRow) => number) => rows.reduce((all, row) => all + of(row), 0);
  return {
    total: add(({ total }) => total), sent: add(({ sent }) => sent), held: add(({ held }) => held),
    refused: add(({ plan }) => plan?.refused_count ?? 0), calls: add(({ plan }) => plan?.calls ?? 0),
    seconds: Math.max(0, ...rows.map(({ plan }) => plan?.seconds ?? 0)),
  };
}
