/**
 * A host that is slow, that fails, or that is gone: how each comes to be, for any view.
 *
 * The settings are always answered, so that a window speaks the language that was chosen.
 */

import { show } from "./stand.mjs";

const CALLS = /\/call\/(?!settings$)/;

/** What a host says of a disk that gives nothing. */
export const WORDS = "disk I/O error";

/** Keeps every answer back until the answer of this is called. */
export async function slow(window) {
  const kept = [];
  let isOpen = false;
  window.isKept = true;
  await window.page.route(CALLS, async (route) => {
    if (!isOpen) await new Promise((go) => kept.push(go));
    // A page that goes takes with it what it asked for.
    await route.continue().catch(() => undefined);
  });
  return () => {
    isOpen = true;
    window.isKept = false;
    kept.splice(0).forEach((go) => go());
  };
}

/** Refuses every command until the answer of this is called. */
export async function failing(window) {
  const error = { kind: "internal", params: {}, message: WORDS };
  await window.page.route(CALLS, (route) => route.fulfill({ status: 500, json: { error } }));
  return () => window.page.unroute(CALLS);
}

/** Nobody answers until the answer of this is called. */
export async function away(window) {
  await window.page.route(CALLS, (route) => route.abort("connectionrefused"));
  return () => window.page.unroute(CALLS);
}

/** Whether everything that is read for long shows so. */
function isShown() {
  const all = (which, shows) => [...document.querySelectorAll(which)].every(shows);
  return all(".loading", (one) => one.childElementCount > 0)
    && all("[role=grid][aria-busy=true] .seen", (one) => one.classList.contains("late"));
}

/** `says` is there where what is read is told in a sentence, after a while. */
async function kept(window, host, address, says) {
  await slow(window);
  await show(window, host, address);
  await window.page.locator("[aria-busy=true]").first().waitFor();
  await window.page.waitForFunction(isShown);
  if (says) await window.page.locator(".loading p").first().waitFor();
}

async function failed(window, host, address) {
  await failing(window);
  await show(window, host, address);
  await window.page.getByRole("alert").first().waitFor();
}

async function product(host) {
  const { products } = await host.call("products", { limit: 1 });
  return `products/${encodeURIComponent(products[0].sku)}?tab=details`;
}

async function order(host) {
  const { orders } = await host.call("orders", { state: "to_ship", limit: 1 });
  return `orders/${encodeURIComponent(`${orders[0].account}/${orders[0].order_id}`)}`;
}

async function account(host) {
  const { accounts } = await host.call("accounts");
  return `accounts/${encodeURIComponent(accounts[0].name)}`;
}

/** Every place that reads something from the host: its view, its name, its address. */
export const PLACES = [
  { view: "home", name: "", at: () => "home", says: true },
  { view: "products", name: "", at: () => "products" },
  { view: "products", name: "details-", at: product },
  { view: "orders", name: "", at: () => "orders" },
  { view: "orders", name: "detail-", at: order },
  { view: "orders", name: "cases-", at: () => "orders?tab=cases" },
  { view: "orders", name: "messages-", at: () => "orders?tab=messages" },
  { view: "listings", name: "", at: () => "listings" },
  { view: "listings", name: "problems-", at: () => "listings?tab=problems" },
  { view: "import", name: "earlier-", at: () => "import?tab=earlier" },
  { view: "sync", name: "", at: () => "sync", says: true },
  { view: "sync", name: "held-", at: () => "sync?tab=held" },
  { view: "sync", name: "waiting-", at: () => "sync?tab=waiting" },
  { view: "sync", name: "receipts-", at: () => "sync?tab=receipts" },
  { view: "accounts", name: "", at: () => "accounts" },
  { view: "accounts", name: "one-", at: account },
  { view: "settings", name: "", at: () => "settings" },
];

export const FAULTS = PLACES.flatMap(({ view, name, at, says = false }) => [
  { view, name: `${name}slow`, open: async (window, host) => kept(window, host, await at(host), says) },
  { view, name: `${name}failed`, open: async (window, host) => failed(window, host, await at(host)) },
]);
