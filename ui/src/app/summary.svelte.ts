/** What the frame tells of everything: how much waits where, how old each account's data is. */

import type { AccountView } from "$src/backend/bindings";
import { query } from "$src/backend/query.svelte";
import { runs } from "$src/backend/runs.svelte";
import { clock, span } from "$src/parts/format";
import type { StateName } from "$src/parts/states";
import { m } from "$words";

import { ticking } from "./clock.svelte";
import type { ViewId } from "./route.svelte";

export interface AccountLine {
  name: string;
  marketplace: string;
  /** Where it is not simply live: a sign before the word. */
  state: StateName | null;
  word: string;
}

export interface Summary {
  readonly catalogue: string;
  readonly counts: Partial<Record<ViewId, { n: number; you: boolean }>>;
  readonly accounts: readonly AccountLine[];
  /** Orders of every account are complete up to this clock time; null before the first pull. */
  readonly completeUpTo: string | null;
}

/** One line of the side for an account. */
export function accountLine(account: AccountView, now: number, busy: boolean): AccountLine {
  const { name, marketplace } = account;
  if (account.state === "paused") return { name, marketplace, state: "off", word: m.state_paused() };
  if (busy) return { name, marketplace, state: "sent", word: m.frame_account_busy() };
  if (account.pulled_at === null) return { name, marketplace, state: null, word: m.frame_account_never() };
  return { name, marketplace, state: null, word: span(now - Date.parse(account.pulled_at)) };
}

/** The oldest time up to which the orders of all active accounts are known. */
export function completeUpTo(accounts: readonly AccountView[]): string | null {
  const active = accounts.filter(({ state }) => state === "active");
  const times = active.map(({ pulled_at }) => pulled_at);
  if (times.length === 0 || times.includes(null)) return null;
  return times.reduce((least, time) => (Date.parse(time ?? "") < Date.parse(least ?? "") ? time : least)) ?? null;
}

/** Reads the summary for as long as the component is shown. */
export function readSummary(): Summary {
  const accounts = query("accounts", () => ({}));
  const count = query("products_count", () => ({}));
  const shipping = query("orders", () => ({ state: "to_ship", limit: 1000 }));
  const problems = query("problems", () => ({ limit: 1 }));

  const busy = $derived(new Set(runs.all.flatMap((run) => run.steps.map((step) => step.account))));
  return {
    get catalogue() { return m.frame_catalogue(); },
    get counts() {
      const counts: Summary["counts"] = {};
      const products = count.data?.skus;
      const toShip = shipping.data?.orders.length ?? 0;
      const open = (problems.data?.counts ?? []).reduce((sum, one) => sum + one.count, 0);
      if (products !== undefined && products > 0) counts.products = { n: products, you: false };
      if (toShip > 0) counts.orders = { n: toShip, you: false };
      if (open > 0) counts.listings = { n: open, you: true };
      return counts;
    },
    get accounts() {
      return (accounts.data?.accounts ?? []).map((one) => accountLine(one, ticking.now, busy.has(one.name)));
    },
    get completeUpTo() {
      const time = completeUpTo(accounts.data?.accounts ?? []);
      return time === null ? null : clock(time);
    },
  };
}
