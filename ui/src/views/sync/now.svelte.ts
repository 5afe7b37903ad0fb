/** What Now shows: the plan of this moment, or that of the run under way against the outbox. */

import { untrack } from "svelte";

import type { HeldGroupsResponse, HeldGroupView, OutboxResponse, PlanResponse } from "$src/backend/bindings";
import type { Query } from "$src/backend/query.svelte";
import type { Run } from "$src/backend/runs.svelte";

import { groupId } from "./held";
import { accountRows, totalsOf, type AccountRow, type Totals } from "./progress";

/** How often the outbox is read while a run goes on, in milliseconds. */
const EVERY_MS = 1_500;

export interface NowFacts {
  readonly plan: PlanResponse | undefined;
  /** The plan that the host holds the lines of: while a run goes on, a later one. */
  readonly latest: PlanResponse | undefined;
  readonly error: unknown;
  readonly readAt: number | undefined;
  readonly rows: readonly AccountRow[];
  readonly totals: Totals;
  /** When the run began, in milliseconds since 1970; null where none is under way. */
  readonly began: number | null;
  /** Counts readings while a run goes on. */
  readonly ticks: number;
  again(): void;
  /** The name of a held group in the address: the first of an account, or a certain one. */
  groupOf(account: string, group?: HeldGroupView): string;
}

/** Follows plan, outbox and run for as long as the component is shown. */
export function nowFacts(
  plan: Query<PlanResponse>, outbox: Query<OutboxResponse>, held: Query<HeldGroupsResponse>, run: () => Run | null,
): NowFacts {
  // The plan shrinks as a run works it off: what it was at the start is what the run is told against.
  let frozen = $state.raw<PlanResponse | null>(null);
  let began = $state<number | null>(null);
  let ticks = $state(0);
  const id = $derived(run()?.id ?? null);

  $effect(() => {
    if (id === null) return;
    untrack(() => { frozen = plan.data ?? null; began = Date.now(); });
    const timer = setInterval(() => { outbox.again(); ticks += 1; }, EVERY_MS);
    return () => {
      clearInterval(timer);
      frozen = null;
      began = null;
    };
  });

  const shown = $derived(frozen ?? plan.data);
  const rows = $derived(accountRows(shown, outbox.data?.accounts ?? [], run()?.steps ?? [], run() !== null));
  const totals = $derived(totalsOf(rows));
  return {
    get plan() { return shown; },
    get latest() { return plan.data; },
    get error() { return plan.error; },
    get readAt() { return plan.readAt; },
    get rows() { return rows; },
    get totals() { return totals; },
    get began() { return began ?? (run() === null ? null : Date.now()); },
    get ticks() { return ticks; },
    again: () => plan.again(),
    groupOf(account, group) {
      const found = group ?? held.data?.groups.find((one) => one.account === account);
      return found === undefined ? "" : groupId(found);
    },
  };
}
