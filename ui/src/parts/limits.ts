/** What is left of limits, in words. */

import type { AccountLimitsView, LimitView } from "$src/backend/bindings";
import { clock, lasting, quantity } from "./format";
import { m } from "$words";

/** Share that is left, 0 to 1. */
export function leftShare({ left, of }: LimitView): number {
  return of === 0 ? 1 : Math.min(1, left / of);
}

/** `4,104 of 5,000 left`, `full`. */
export function leftText(limit: LimitView): string {
  return limit.left >= limit.of ? m.accounts_full() : m.accounts_left({ left: quantity(limit.left), of: quantity(limit.of) });
}

const UNITS: readonly [number, (of: { count: string }) => string][] = [
  [86_400, m.accounts_per_day], [3_600, m.accounts_per_hour], [60, m.accounts_per_minute], [1, m.accounts_per_second],
];

/** How fast it comes back: `5,000 a day`. */
export function rateText({ calls, per_seconds }: Pick<LimitView, "calls" | "per_seconds">): string {
  const [unit, word] = UNITS.find(([seconds]) => per_seconds % seconds === 0) ?? [1, m.accounts_per_second];
  const units = per_seconds / unit;
  return units === 1 ? word({ count: quantity(calls) }) : m.accounts_per_span({ count: quantity(calls), span: lasting(per_seconds) });
}

/** When it is there again, with whom it is shared. */
export function refillText({ full_at, blocked_until, shared_with }: LimitView): string {
  return [
    blocked_until !== null ? m.accounts_blocked({ time: clock(blocked_until) }) : full_at !== null ? m.accounts_full_at({ time: clock(full_at) }) : "",
    shared_with.length > 0 ? m.accounts_shared({ accounts: shared_with.join(", ") }) : "",
  ].filter((text) => text !== "").join(", ");
}

/** What a limit counts, as a heading has it. */
export function limitName({ title }: Pick<LimitView, "title">): string {
  return title.slice(0, 1).toLocaleUpperCase() + title.slice(1);
}

/** The limit of an account with the smallest share left. */
export function tightest(view: AccountLimitsView | undefined): LimitView | null {
  return [...(view?.limits ?? [])].sort((a, b) => leftShare(a) - leftShare(b))[0] ?? null;
}
