/** How a run ended, in a sentence. */

import type { PullResponse, PushResponse, RefusedItem, SyncResponse } from "$src/backend/bindings";
import type { OverRun } from "$src/backend/runs.svelte";
import { clock, listed, quantity } from "$src/parts/format";
import type { StateName } from "$src/parts/states";
import { m } from "$words";

export interface Outcome {
  state: StateName;
  /** What ran: `Sync`, `Push`. */
  title: string;
  text: string;
  /** Something was not done that was asked for: it is to be seen until somebody has read it. */
  failed: boolean;
  /** It was ended before its end. */
  stopped: boolean;
}

/** Reasons that are told in one sentence with what was done. */
const REASONS_MAX = 2;

/** Why something was not done, each reason once, with the account that it is of. */
export function reasonsText(refused: readonly Pick<RefusedItem, "account" | "reason">[]): string {
  const told = refused.map(({ account, reason }) => (account === null || reason.includes(account) ? reason : `${account}: ${reason}`));
  const each = [...new Set(told)];
  const more = each.length - REASONS_MAX;
  return [...each.slice(0, REASONS_MAX), more > 0 ? m.sync_did_refuse_more({ count: quantity(more) }) : ""].filter((text) => text !== "").join(" ");
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

/** Whether a pull left something unread, though nobody ended it. */
function leftOut({ refused, accounts, stopped }: PullResponse): boolean {
  return refused.length > 0 || (!stopped && accounts.some(({ complete, unreadable }) => !complete || unreadable > 0));
}

/** A run that is over. */
export function outcomeOf({ name, answer, error }: Pick<OverRun, "name" | "answer" | "error">): Outcome {
  const title = TITLES[name]?.() ?? name;
  if (error !== null) return { state: "refused", title, text: error, failed: true, stopped: false };
  const { pull, push }: { pull?: PullResponse; push?: PushResponse } = name === "sync" ? (answer as SyncResponse)
    : name === "pull" ? { pull: answer as PullResponse } : name === "push" ? { push: answer as PushResponse } : {};
  const refused = [...(pull?.refused ?? []), ...(push?.problems ?? []), ...(push?.refused ?? [])];
  const failed = refused.length > 0 || (push?.refused_count ?? 0) > 0 || (pull !== undefined && leftOut(pull));
  const waits = (push?.held_count ?? 0) + (push?.unknown ?? 0) > 0;
  const text = [pull ? pullText(pull) : "", push ? pushText(push) : "", reasonsText(refused)];
  return {
    state: failed || waits ? "needs_you" : "live", title, text: text.filter((part) => part !== "").join(" "), failed,
    stopped: pull?.stopped === true || push?.stopped === true,
  };
}
