/** How an account stands, in a sign and a word. */

import type { AccountCheckResponse, AccountFacts, AccountView, CheckState } from "$src/backend/bindings";
import type { IconName } from "$src/parts/icons";
import type { StateName } from "$src/parts/states";
import { m } from "$words";

export interface Standing { state: StateName; word: string; icon?: IconName }

const DAY_MS = 86_400_000;
/** A sign-in that ends sooner waits for a hand; Home tells of it as early. */
export const SOON_DAYS = 30;

export function standingOf(account: AccountView, facts: AccountFacts | undefined, busy: boolean): Standing {
  if (account.state === "paused") return { state: "off", word: m.state_paused(), icon: "state-paused" };
  if (Object.values(account.secrets).some((there) => there === false) && facts?.problem) return { state: "needs_you", word: m.accounts_key_missing() };
  if (facts?.problem || (facts?.outbox.held ?? 0) > 0) return { state: "needs_you", word: m.state_needs_you() };
  if (busy) return { state: "sent", word: m.accounts_busy() };
  if (account.pulled_at === null) return { state: "pending", word: m.accounts_never() };
  return { state: "live", word: m.accounts_live() };
}

/** What the last test allows, as the list tells it. */
export function mayDo(check: AccountCheckResponse | undefined): { word: string; state: CheckState | null } {
  if (check === undefined) return { word: m.accounts_not_tested(), state: null };
  const worst = (["missing", "limited"] as const).find((state) => check.items.some((item) => item.state === state)) ?? "good";
  return { word: { good: m.accounts_all_needed, limited: m.accounts_limited, missing: m.accounts_cannot_sell }[worst](), state: worst };
}

/** Days until a sign-in ends; null where it does not. */
export function daysLeft(until: string | null | undefined, now: number): number | null {
  return until ? Math.ceil((Date.parse(until) - now) / DAY_MS) : null;
}

/** Until when an account's sign-in lasts, as its last test found or its consent said; null for ever. */
export function signInEnds(account: Pick<AccountView, "settings">, check: AccountCheckResponse | undefined): string | null {
  return check?.consent_until ?? account.settings.consent_until ?? null;
}

export const CHECK_SIGNS: Record<CheckState, StateName> = { good: "live", limited: "needs_you", missing: "refused" };

/** Listings in all states. */
export function listingSum(listings: Readonly<Record<string, number | undefined>>): number {
  return Object.values(listings).reduce<number>((sum, count) => sum + (count ?? 0), 0);
}
