/** What the frame tells of everything: how much waits where, how old each account's data is. */

import type { AccountFacts, HomeResponse } from "$src/backend/bindings";
import { query } from "$src/backend/query.svelte";
import { runs } from "$src/backend/runs.svelte";
import { age, clock, NONE, span } from "$src/parts/format";
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
  /** The same at length, where the word is short. */
  told?: string;
}

export interface PlaceCount {
  n: number;
  /** It waits for the seller's hand. */
  you: boolean;
}

export type PlaceCounts = Partial<Record<ViewId, PlaceCount>>;

export interface Summary {
  readonly catalogue: string;
  readonly counts: PlaceCounts;
  readonly accounts: readonly AccountLine[];
  /** Changes that wait to be sent or answered. */
  readonly outbox: number;
  /** Orders of every account are complete up to this clock time; null before the first pull. */
  readonly completeUpTo: string | null;
}

/** The clock of this computer, as Home asks for it. */
export function homeRequest(): { offset_minutes: number } {
  return { offset_minutes: -new Date().getTimezoneOffset() };
}

/** One line of the side for an account. */
export function accountLine(facts: AccountFacts, now: number, busy: boolean): AccountLine {
  const line = { name: facts.account, marketplace: facts.marketplace };
  if (facts.state === "paused") return { ...line, state: "off", word: m.state_paused() };
  if (busy) return { ...line, state: "sent", word: m.frame_account_busy() };
  if (facts.problem !== null) return { ...line, state: "needs_you", word: m.state_needs_you() };
  if (facts.pulled_at === null) return { ...line, state: null, word: NONE, told: m.frame_account_never() };
  const old = now - Date.parse(facts.pulled_at);
  return { ...line, state: null, word: age(old), told: m.frame_account_pulled({ span: span(old) }) };
}

/** The oldest time up to which the orders of all active accounts are known. */
export function completeUpTo(accounts: readonly AccountFacts[]): string | null {
  const active = accounts.filter(({ state }) => state === "active");
  const times = active.map(({ pulled_at }) => pulled_at);
  if (times.length === 0 || times.includes(null)) return null;
  return times.reduce((least, time) => (Date.parse(time ?? "") < Date.parse(least ?? "") ? time : least)) ?? null;
}

/** What stands beside the places in the side; nothing where nothing is. */
export function placeCounts({ skus, to_ship, outbox, needs, accounts }: HomeResponse): PlaceCounts {
  const problems = needs.filter(({ kind }) => kind === "problem").reduce((sum, { count }) => sum + count, 0);
  const all: [ViewId, number, boolean][] = [
    ["products", skus, false],
    ["orders", to_ship.count, to_ship.overdue > 0],
    ["listings", problems, true],
    ["sync", outbox.held, true],
    ["accounts", accounts.filter(({ problem }) => problem !== null).length, true],
  ];
  return Object.fromEntries(all.filter(([, n]) => n > 0).map(([id, n, you]) => [id, { n, you }]));
}

/** Reads the summary for as long as the component is shown. */
export function readSummary(): Summary {
  const home = query("home", homeRequest);
  const accounts = $derived(home.data?.accounts ?? []);
  const busy = $derived(new Set(runs.all.flatMap((run) => run.steps.map((step) => step.account))));
  return {
    get catalogue() { return m.frame_catalogue(); },
    get counts() { return home.data ? placeCounts(home.data) : {}; },
    get accounts() { return accounts.map((one) => accountLine(one, ticking.now, busy.has(one.account))); },
    get outbox() {
      const outbox = home.data?.outbox;
      return outbox ? outbox.waiting + outbox.held + outbox.sent + outbox.unknown : 0;
    },
    get completeUpTo() {
      const time = completeUpTo(accounts);
      return time === null ? null : clock(time);
    },
  };
}
