/** What the list of products can be filtered by. */

import { call } from "$src/backend/host";
import { split, type FilterKind } from "$src/parts/filters";
import { decimal, quantity } from "$src/parts/format";
import { STATES, type StateName } from "$src/parts/states";
import { m } from "$words";

const yesNo = (id: string, title: () => string, says: () => string, yes: () => string, no: () => string): FilterKind => ({
  id, title, says,
  value: (value) => (value === "yes" ? yes() : no()),
  choices: () => [{ value: "yes", label: yes() }, { value: "no", label: no() }],
});

const atMost = (id: string, title: () => string, says: () => string, unit: () => string): FilterKind => ({
  id, title, says, number: { unit },
  value: (value) => `${decimal(value)}${unit() === "" ? "" : ` ${unit()}`}`,
});

async function brands(text: string) {
  const answer = await call("brands", { search: text.trim() || null, limit: 200 });
  return answer.brands.map(({ name, products }) => ({ value: name, label: name, note: quantity(products) }));
}

const LISTING_STATES: readonly StateName[] = ["live", "pending", "sent", "refused", "needs_you", "unknown", "off"];

const listingWord = (value: string) =>
  value === "listed" ? m.products_listed() : value === "not_listed" ? m.products_not_listed()
    : (STATES[value as StateName]?.word() ?? value);

/** `accounts`: names of the accounts that there are; `currency`: that of the list. */
export function filterKinds(accounts: readonly string[], currency: () => string): FilterKind[] {
  return [
    {
      id: "brand", title: m.products_brand, several: true, search: brands,
      says: (value) => (split(value).length > 1 ? m.products_brand_one_of() : m.products_brand_is()),
      value: (value) => (split(value).length > 1 ? m.products_brands({ count: quantity(split(value).length) }) : value),
    },
    {
      id: "listing", title: m.products_listings, says: () => m.products_listing_is(), value: listingWord,
      choices: () => ["listed", "not_listed", ...LISTING_STATES].map((value) => ({ value, label: listingWord(value) })),
    },
    ...(accounts.length > 0 ? [{
      id: "account", title: m.products_account, says: () => m.products_account_is(), value: (value: string) => value,
      choices: () => accounts.map((value) => ({ value, label: value })),
    }] : []),
    yesNo("stock", m.products_stock, m.products_stock_is, m.products_present, m.products_missing),
    atMost("stock_max", m.products_stock_max, m.products_stock_at_most, () => ""),
    atMost("available_max", m.products_available_max, m.products_available_at_most, () => ""),
    atMost("price_min", m.products_price_min, m.products_price_at_least, currency),
    atMost("price_max", m.products_price_max, m.products_price_at_most, currency),
    atMost("margin_max", m.products_margin_max, m.products_margin_at_most, () => "%"),
    yesNo("barcode", m.products_barcode, m.products_barcode_is, m.products_present, m.products_missing),
    yesNo("priced", m.products_price, m.products_price_is, m.products_present, m.products_missing),
    yesNo("costed", m.products_cost, m.products_cost_is, m.products_present, m.products_missing),
    yesNo("images", m.products_images, m.products_images_are, m.products_present, m.products_missing),
    {
      id: "kind", title: m.products_kind, says: () => m.products_kind_is(),
      value: (value) => (value === "kit" ? m.products_kit() : m.products_variant()),
      choices: () => [{ value: "variant", label: m.products_variant() }, { value: "kit", label: m.products_kit() }],
    },
  ];
}
