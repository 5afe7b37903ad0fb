/** Problems by cause: in words, and the one action that mends it. */

import type { CauseView, SetManyRequest } from "$src/backend/bindings";
import { locale } from "$src/app/locale.svelte";
import { mendPlace, type MendPlace } from "$src/parts/mending";
import type { Chosen } from "$src/parts/many";
import { filterOf } from "./question";

export type Way =
  /** One value for all of them. */
  | { kind: "fill"; field: string }
  /** A place where it is mended. */
  | ({ kind: "go" } & MendPlace)
  /** One category for all of them, at this account. */
  | { kind: "category"; account: string }
  | { kind: "retry" };

/** What differs from product to product, so that one value for several would be wrong. */
const OWN_EACH = ["gtin", "sku", "mpn", "title", "description", "asin", "images", "handle"];

/** How many listings a cause keeps back, at one account or in all. */
export function countOf(cause: CauseView, account: string | null): number {
  return account === null ? cause.count : (cause.accounts.find((one) => one.account === account)?.count ?? 0);
}

export function wayOf(cause: CauseView, account: string | null): Way {
  const { mend, field, skus } = cause;
  const only = account ?? (cause.accounts.length === 1 ? (cause.accounts[0]?.account ?? null) : null);
  if (field !== null && (countOf(cause, account) === 1 || !OWN_EACH.includes(field)) && mend !== "wait") return { kind: "fill", field };
  if (mend === "set_category" && only !== null && countOf(cause, only) > 1) return { kind: "category", account: only };
  if (mend === "wait" || mend === "read_again") return { kind: "retry" };
  // What is mended at the marketplace alone is looked at here.
  const place = mendPlace(mend === "at_marketplace" ? "open_listing" : mend, { account: only, sku: skus[0] ?? null });
  return place === null ? { kind: "retry" } : { kind: "go", ...place };
}

/** Everything that a cause keeps back at an account. */
export function keptBack(cause: CauseView, account: string | null): Chosen {
  return { all: true, search: null, filter: filterOf({ account, listed: null, state: null, cause: cause.cause }), except: [] };
}

/** What is asked of the host to fill in a field of all that a cause keeps back. */
export function fillRequest(cause: CauseView, account: string | null, field: string, value: string): SetManyRequest {
  return {
    ...keptBack(cause, account),
    edits: [{ field, how: "set", value: value.trim(), ending: null, currency: null }],
  };
}

/** The first sentence of the reason, and what follows. */
export function wordsOf(cause: CauseView): [string, string] {
  const text = cause.problem.reason;
  const [first] = new Intl.Segmenter(locale.id, { granularity: "sentence" }).segment(text);
  return [(first?.segment.trim() ?? text).replace(/[.。]$/, ""), text.slice(first?.segment.length ?? text.length).trim()];
}

/** Causes at an account; all where none is named. */
export function causesAt(causes: readonly CauseView[], account: string | null): CauseView[] {
  return causes.filter((cause) => account === null || countOf(cause, account) > 0);
}

/** The cause that is open: the one that the address names, else the first where problems are shown. */
export function openCause(causes: readonly CauseView[], named: string | undefined, problems: boolean): string | null {
  if (!problems) return null;
  return named || (causes[0]?.cause ?? null);
}
