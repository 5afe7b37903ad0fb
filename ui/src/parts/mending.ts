/** The one place where a problem is mended, so that it can be opened beside the problem. */

import type { ViewId } from "$src/app/route.svelte";
import type { Mend } from "$src/backend/bindings";
import { m } from "$words";

export interface MendPlace {
  label: string;
  view: ViewId;
  item: string | null;
  params: Record<string, string>;
}

/** What a problem is about. */
export interface MendAt {
  /** The account; null where several are meant. */
  account: string | null;
  /** The SKU in the catalogue. */
  sku?: string | null;
  /** The listing. */
  listing?: number | null;
  /** `ACCOUNT/ID`. */
  order?: string | null;
}

/** Where a problem is mended; null where it is not done at one place in Barrow. */
export function mendPlace(mend: Mend, { account, sku = null, listing = null, order = null }: MendAt): MendPlace | null {
  const product = (label: (sku: { sku: string }) => string, params: Record<string, string>): MendPlace | null =>
    sku === null ? null : { label: label({ sku }), view: "products", item: sku, params };
  const atListing = { tab: "listings", ...(listing === null ? {} : { listing_tab: String(listing) }) };
  switch (mend) {
    case "connect": return { label: m.listings_do_connect(), view: "accounts", item: account, params: { tab: "keys" } };
    case "set_account": return { label: m.listings_do_account(), view: "accounts", item: account, params: {} };
    case "answer": return { label: m.listings_do_answer(), view: "sync", item: null, params: { tab: "held" } };
    case "answer_case": return { label: m.listings_do_answer(), view: "orders", item: order, params: { tab: "cases" } };
    case "answer_message": return { label: m.listings_do_answer(), view: "orders", item: null, params: { tab: "messages", waiting: "yes" } };
    case "match": return { label: m.listings_do_orders(), view: "orders", item: order, params: { tab: "all", unmatched: "yes" } };
    case "decide": case "open_order": return { label: m.listings_do_orders(), view: "orders", item: order, params: { tab: "needs_you" } };
    case "set_stock": return product(m.listings_do_stock, { tab: "stock" });
    case "set_field": case "set_category": case "set_price": case "open_listing": return product(m.listings_do_open, atListing);
    case "at_marketplace": case "wait": case "read_again": return null;
  }
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
