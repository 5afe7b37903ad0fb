/** How a run ended, in a sentence. */

import type { PullResponse, PushResponse, SyncResponse } from "$src/backend/bindings";
import type { OverRun } from "$src/backend/runs.svelte";
import { clock, listed, quantity } from "$src/parts/format";
import type { StateName } from "$src/parts/states";
import { m } from "$words";

export interface Outcome {
  state: StateName;
  /** What ran: `Sync`, `Push`. */
  title: string;
  text: string;
}

/** What a push did: `186 sent. 28 wait, the next at 15:10.` */
export function pushText(push: Pick<PushResponse, "done" | "waiting" | "unknown" | "held_count" | "refused_count" | "next_due" | "stopped" | "stopped_accounts">): string {
  const waits = push.next_due === null
    ? m.sync_did_wait({ count: quantity(push.waiting) })
    : m.sync_did_wait_until({ count: quantity(push.waiting), time: clock(push.next_due) });
  return [
    push.stopped ? m.sync_did_stop() : push.stopped_accounts.length > 0 ? m.sync_did_stop_at({ accounts: listed(push.stopped_accounts) }) : "",
    m.sync_did_send({ count: quantity(push.done) }),
    push.waiting > 0 ? waits : "",
    push.held_count > 0 ? m.sync_did_hold({ count: quantity(push.held_count) }) : "",
    push.refused_count > 0 ? m.sync_did_refuse({ count: quantity(push.refused_count) }) : "",
    push.unknown > 0 ? m.sync_did_unknown({ count: quantity(push.unknown) }) : "",
  ].filter((text) => text !== "").join(" ");
}

/** What a pull brought: `23 new orders, 4 changed.` */
export function pullText({ accounts }: Pick<PullResponse, "accounts">): string {
  const sum = (of: (one: PullResponse["accounts"][number]) => number) => accounts.reduce((all, one) => all + of(one), 0);
  const [fresh, changed] = [sum(({ orders_new }) => orders_new), sum(({ orders_changed }) => orders_changed)];
  const open = accounts.filter(({ complete }) => !complete).map(({ account }) => account);
  return [
    m.sync_did_pull({ count: quantity(fresh), changed: quantity(changed) }),
    open.length > 0 ? m.sync_did_pull_part({ accounts: open.join(", ") }) : "",
  ].filter((text) => text !== "").join(" ");
}

const TITLES: Partial<Record<OverRun["name"], () => string>> = { sync: m.sync_run_sync, push: m.sync_run_push, pull: m.sync_run_pull };

/** A run that is over. */
export function outcomeOf({ name, answer, error }: OverRun): Outcome {
  const title = TITLES[name]?.() ?? name;
  if (error !== null) return { state: "refused", title, text: error };
  switch (name) {
    case "push": {
      const push = answer as PushResponse;
      return { state: push.refused_count + push.unknown + push.held_count > 0 ? "needs_you" : "live", title, text: pushText(push) };
    }
    case "pull": {
      const pull = answer as PullResponse;
      return { state: pull.refused.length > 0 ? "needs_you" : "live", title, text: pullText(pull) };
    }
    case "sync": {
      const { pull, push, refused, held } = answer as SyncResponse;
      return { state: refused.length + held.length > 0 ? "needs_you" : "live", title, text: `${pullText(pull)} ${pushText(push)}` };
    }
    default: return { state: "live", title, text: "" };
  }
}
