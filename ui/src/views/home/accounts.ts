/** How an account stands, in a few words. */

import type { AccountFacts } from "$src/backend/bindings";
import type { Step } from "$src/backend/runs.svelte";
import { clock, quantity, when } from "$src/parts/format";
import type { StateName } from "$src/parts/states";
import { m } from "$words";

export interface AccountLook {
  state: StateName;
  word: string;
  complete: string;
  /** What of its outbox matters most. */
  outbox: string;
  /** How far it is with what is being sent, as a share of 1; null where nothing is. */
  share: number | null;
}

function complete(pulledAt: string | null, now: Date): string {
  if (pulledAt === null) return m.home_account_never();
  const today = new Date(pulledAt).toDateString() === now.toDateString();
  return m.home_account_complete({ time: today ? clock(pulledAt) : `${when(pulledAt, now)} ${clock(pulledAt)}` });
}

function outboxWord({ outbox, pushed_at }: AccountFacts): string {
  const { held, unknown, waiting, sent } = outbox;
  if (held > 0) return m.home_account_held({ count: quantity(held) });
  if (unknown > 0) return m.home_account_unknown({ count: quantity(unknown) });
  if (waiting > 0) return m.home_account_outbox({ count: quantity(waiting) });
  if (sent > 0) return m.home_account_answers({ count: quantity(sent) });
  return pushed_at === null ? m.home_account_idle() : m.home_account_clear();
}

/** `step`: what a run tells of the account just now. */
export function accountLook(facts: AccountFacts, step: Step | undefined, now: Date): AccountLook {
  const told = complete(facts.pulled_at, now);
  if (facts.state === "paused") {
    return { state: "off", word: m.state_paused(), complete: told, outbox: outboxWord(facts), share: null };
  }
  if (step !== undefined) {
    const counted = step.total !== null && step.total > 0 && step.stage === "send";
    return {
      state: "sent", word: m.home_account_pushing(), complete: told,
      outbox: counted ? m.home_account_sent({ done: quantity(step.done), total: quantity(step.total) }) : outboxWord(facts),
      share: counted && step.total ? Math.min(1, step.done / step.total) : null,
    };
  }
  const needsYou = facts.problem !== null || facts.outbox.held > 0;
  const live = facts.pulled_at !== null || facts.pushed_at !== null;
  return {
    state: needsYou ? "needs_you" : live ? "live" : "pending",
    word: needsYou ? m.state_needs_you() : live ? m.home_account_live() : m.state_pending(),
    complete: told, outbox: outboxWord(facts), share: null,
  };
}
