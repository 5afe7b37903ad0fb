/** Problems by cause: in words, and the one action that mends it. */

import type { CauseView, SetManyRequest } from "$src/backend/bindings";
import type { ViewId } from "$src/app/route.svelte";
import { locale } from "$src/app/locale.svelte";
import { m } from "$words";

import { filterOf } from "./question";

export type Way =
  /** One value for all of them. */
  | { kind: "fill"; field: string }
  /** A place where it is mended. */
  | { kind: "go"; label: string; view: ViewId; item: string | null; params: Record<string, string> }
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
  switch (mend) {
    case "connect": return { kind: "go", label: m.listings_do_connect(), view: "accounts", item: only, params: { tab: "keys" } };
    case "set_account": return { kind: "go", label: m.listings_do_account(), view: "accounts", item: only, params: {} };
    case "answer": return { kind: "go", label: m.listings_do_answer(), view: "sync", item: null, params: { tab: "held" } };
    case "match": return { kind: "go", label: m.listings_do_orders(), view: "orders", item: null, params: { tab: "all", unmatched: "yes" } };
    case "decide": case "open_order": return { kind: "go", label: m.listings_do_orders(), view: "orders", item: null, params: { tab: "needs_you" } };
    case "wait": case "read_again": return { kind: "retry" };
    default: {
      const sku = skus[0];
      if (sku === undefined) return { kind: "retry" };
      return { kind: "go", label: m.listings_do_open({ sku }), view: "products", item: sku, params: { tab: "listings" } };
    }
  }
}

/** What is asked of the host to fill in a field of all that a cause keeps back. */
export function fillRequest(cause: CauseView, account: string | null, field: string, value: string): SetManyRequest {
  return {
    all: true, filter: filterOf({ account, listed: null, state: null, cause: cause.cause }),
    edits: [{ field, how: "set", value: value.trim(), ending: null }],
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

const FIELDS: Record<string, () => string> = {
  brand: m.products_brand, price: m.products_price, cost: m.products_cost, title: m.products_title, gtin: m.products_barcode,
  mpn: m.products_mpn, description: m.products_description, condition: m.products_condition, weight: m.products_weight,
  quantity: m.products_stock, images: m.products_images, sku: m.products_sku,
};

/** A field's name; attributes by their own. */
export function fieldName(field: string): string {
  const [, name] = /^(?:variant_)?attribute:(.*)$/.exec(field) ?? [];
  return name ?? FIELDS[field]?.() ?? field;
}
