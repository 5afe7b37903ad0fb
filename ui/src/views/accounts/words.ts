/** Names of what a test looks at, and of settings' worlds. */

import type { FieldView, SellingLimit } from "$src/backend/bindings";

import { moneyWithCurrency, quantity } from "$src/parts/format";
import { siteLetters } from "$src/parts/marks";
import type { EndpointName } from "./fields";
import { m } from "$words";

const PARTS: Readonly<Record<string, () => string>> = {
  account: m.accounts_part_account, seller: m.accounts_part_seller, programs: m.accounts_part_programs, out_of_stock: m.accounts_part_out_of_stock,
  listings: m.accounts_part_listings, ship_node: m.accounts_part_ship_node, feed_limits: m.accounts_part_feed_limits,
  orders: m.accounts_part_orders, inventory: m.accounts_part_inventory, price: m.accounts_part_prices, prices: m.accounts_part_prices,
  reports: m.accounts_part_reports, policies: m.accounts_part_policies, location: m.accounts_part_location, consent: m.accounts_part_consent,
  buyers: m.accounts_part_buyers,
};

/** The prefix of a site's own check (amazon.md §1); the id behind it is a country's. */
const SITE = /^marketplace (.+)$/;

/** A part as people read it: a setting by its label; what has no word shows its name. */
export function partWord(name: string, fields: readonly Pick<FieldView, "key" | "label">[] = []): string {
  const site = SITE.exec(name)?.[1];
  if (site !== undefined) return m.accounts_part_site({ site: siteLetters(site) });
  return PARTS[name]?.() ?? fields.find(({ key }) => key === name)?.label ?? name.replaceAll("_", " ");
}

const CHOICES: Readonly<Record<string, () => string>> = {
  "match_by_title yes": m.accounts_choice_yes, "match_by_title no": m.accounts_choice_no,
  "gtin_exemption yes": m.accounts_choice_yes, "gtin_exemption no": m.accounts_choice_no,
  "shipping Default": m.accounts_choice_shipping_default, "shipping Free": m.accounts_choice_shipping_free,
  "part_number mpn": m.accounts_choice_part_mpn, "part_number sku": m.accounts_choice_part_sku,
};

/** One of the values that a setting can have; the marketplace's own ids stand for themselves. */
export function choiceWord(key: string, value: string): string {
  return CHOICES[`${key} ${value}`]?.() ?? value;
}

export const ENDPOINT_WORDS: Record<EndpointName, { title: () => string; note: () => string }> = {
  production: { title: m.accounts_production, note: m.accounts_production_note },
  sandbox: { title: m.accounts_sandbox, note: m.accounts_sandbox_note },
  practice: { title: m.accounts_practice, note: m.accounts_practice_note },
};

/** The world of an account; an address stands for itself. */
export function endpointWord(endpoint: string): string {
  return ENDPOINT_WORDS[endpoint as EndpointName]?.title() ?? endpoint;
}

const LISTING_STATES: Readonly<Record<string, () => string>> = {
  new: m.accounts_listing_new, publishing: m.accounts_listing_publishing, live: m.state_live, paused: m.state_paused,
  ending: m.accounts_listing_ending, ended: m.state_ended, refused: m.state_refused,
};

export function listingStateWord(state: string): string {
  return LISTING_STATES[state]?.() ?? state;
}

/** How much a marketplace lets its seller sell. */
export function limitWord({ amount, units }: SellingLimit): string {
  if (amount === null) return m.accounts_limit_units({ units: quantity(units ?? 0) });
  if (units === null) return m.accounts_limit_amount({ amount: moneyWithCurrency(amount) });
  return m.accounts_limit_both({ amount: moneyWithCurrency(amount), units: quantity(units) });
}
