/** The important things that open: how each comes to be seen. `some` of everything is needed. */

import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { FAULTS } from "./faults.mjs";
import { freshFolder, settled, show } from "./stand.mjs";

/** A supplier's file: new, changed and unchanged rows, and rows that are left out. */
export async function supplierFile(host, folder) {
  const { products } = await host.call("products", { limit: 3 });
  const amount = ({ price }) => price.amount;
  const lines = [
    "SKU;Item name;Maker;EAN;Retail price;On hand;Colour",
    ...products.map((one, n) => [one.sku, one.title, one.brand ?? "", "",
      n === 0 ? "21.95" : amount(one), one.on_hand, ""].join(";")),
    "LAMP-1;Desk lamp, oak;Alder;4006381333931;49.90;12;oak",
    "LAMP-2;Desk lamp, walnut;Alder;;54.90;7;walnut",
    "LAMP-3;Desk lamp, ash;Alder;;cheap;7;ash",
    "LAMP-4;Desk lamp, beech;Alder;;44.90;many;beech",
    ";Desk lamp without a name;Alder;;44.90;3;",
  ];
  const file = join(folder, "supplier.csv");
  await writeFile(file, `${lines.join("\n")}\n`);
  return file;
}

async function firstSku(host) {
  const { products } = await host.call("products", { limit: 1 });
  return products[0].sku;
}

async function drawer(window, host, tab) {
  const sku = encodeURIComponent(await firstSku(host));
  await show(window, host, `products/${sku}?tab=${tab}`);
  await window.page.getByRole("tabpanel").first().waitFor();
}

async function bulk(window, host) {
  const { page } = window;
  await show(window, host, "products");
  await page.getByRole("grid").focus();
  await page.keyboard.press("Control+a");
  await page.getByRole("toolbar").getByRole("button").first().click();
  const sheet = page.getByRole("dialog");
  await sheet.getByRole("textbox").fill("-5");
  await sheet.getByRole("table").waitFor();
  await settled(window);
}

async function order(window, host) {
  const { orders } = await host.call("orders", { state: "to_ship", limit: 1 });
  const name = encodeURIComponent(`${orders[0].account}/${orders[0].order_id}`);
  await show(window, host, `orders/${name}`);
}

async function chosenOrders(window, host) {
  const { page } = window;
  await show(window, host, "orders");
  await page.getByRole("grid").focus();
  await page.keyboard.press("Control+a");
  await page.getByRole("toolbar").waitFor();
  await page.keyboard.press("s");
  await page.getByRole("dialog").getByRole("table").waitFor();
  await settled(window);
}

/** The first order to ship of an account, from near. */
async function orderAt(window, host, marketplace) {
  const { orders } = await host.call("orders", { state: "to_ship", limit: 100 });
  const { account, order_id } = orders.find((one) => one.marketplace === marketplace);
  await show(window, host, `orders/${encodeURIComponent(`${account}/${order_id}`)}`);
}

/** What an order's menu opens: its items are told from each other by their place. */
async function orderSheet(window, host, place) {
  const { page } = window;
  await orderAt(window, host, "ebay");
  await page.locator("[data-region=panel] button[aria-haspopup=menu]").first().click();
  await page.getByRole("menuitem").nth(place).click();
  await page.getByRole("dialog").locator("button.main:enabled, button.refuse:enabled").first().waitFor();
  await settled(window);
}

async function paper(window, host, tab) {
  const { page } = window;
  await show(window, host, "orders");
  await page.getByRole("grid").focus();
  await page.keyboard.press("Control+a");
  await page.getByRole("toolbar").waitFor();
  await page.keyboard.press("p");
  const sheet = page.getByRole("dialog");
  await sheet.getByRole("tab").nth(tab).click();
  await settled(window);
}

/** What a key opens in a list, beside the cell or the button that it is about. */
async function popover(window, host, view, ...keys) {
  const { page } = window;
  await show(window, host, view);
  await page.getByRole("grid").focus();
  for (const key of keys) await page.keyboard.press(key);
  await page.getByRole("dialog").or(page.getByRole("menu")).first().waitFor();
  await settled(window);
}

async function filterOf(window, host, view) {
  const { page } = window;
  await popover(window, host, view, "f");
  await page.getByRole("dialog").getByRole("button").nth(1).click();
  await settled(window);
}

/** What a button of the tools above a list opens; the last ones first. */
async function tool(window, host, view, place) {
  const { page } = window;
  await show(window, host, view);
  await page.locator(".tool button[aria-haspopup]").nth(place).click();
  await page.getByRole("dialog").or(page.getByRole("menu")).first().waitFor();
  await settled(window);
}

async function why(window, host) {
  const { page } = window;
  await show(window, host, "products");
  await page.getByRole("grid").locator('[data-cell="2"]').nth(2).click();
  await page.keyboard.press("?");
  await page.getByRole("dialog").waitFor();
  await settled(window);
}

async function listingCell(window, host) {
  const { page } = window;
  await show(window, host, "listings");
  await page.locator("[data-listing]").nth(5).click();
  await page.getByRole("dialog").waitFor();
  await settled(window);
}

async function chosenListings(window, host) {
  const { page } = window;
  await show(window, host, "listings");
  await page.getByRole("grid").focus();
  await page.keyboard.press("Control+a");
  await page.getByRole("toolbar").waitFor();
  await page.keyboard.press("e");
  await page.getByRole("dialog").getByRole("table").waitFor();
  await settled(window);
}

async function preview(window, host) {
  const folder = await freshFolder();
  const file = await supplierFile(host, folder);
  await show(window, host, `import?file=${encodeURIComponent(file)}`);
  await window.page.locator("[data-region=panel] button.main:enabled").waitFor();
  await settled(window);
}

async function plan(window, host) {
  const { products } = await host.call("products", { limit: 12 });
  for (const { sku, on_hand } of products.slice(2)) {
    await host.call("set", { sku, fields: { quantity: String(on_hand + 1) } });
  }
  await show(window, host, "sync");
}

async function palette(window, host) {
  await show(window, host, "home");
  await window.page.keyboard.press("Control+k");
  await window.page.getByRole("dialog").waitFor();
  await settled(window);
}

async function account(window, host) {
  const { accounts } = await host.call("accounts");
  await show(window, host, `accounts/${encodeURIComponent(accounts[0].name)}`);
}

async function elsewhere(window, host) {
  const { page } = window;
  const { accounts } = await host.call("accounts");
  const { name } = accounts.find(({ marketplace }) => marketplace === "ebay");
  await show(window, host, `accounts/${encodeURIComponent(name)}`);
  await page.locator("[data-region=panel] button[aria-haspopup=dialog]").click();
  await page.getByRole("dialog").getByRole("grid").getByRole("row").nth(1).waitFor();
  await settled(window);
}

/** By the view that they belong to. */
export const STATES = [
  { view: "products", name: "details", open: (window, host) => drawer(window, host, "details") },
  { view: "products", name: "drawer", open: (window, host) => drawer(window, host, "listings") },
  { view: "products", name: "images", open: (window, host) => drawer(window, host, "images") },
  { view: "products", name: "stock", open: (window, host) => drawer(window, host, "stock") },
  { view: "products", name: "history", open: (window, host) => drawer(window, host, "history") },
  { view: "products", name: "bulk", open: bulk },
  { view: "products", name: "filters", open: (window, host) => popover(window, host, "products", "f") },
  { view: "products", name: "filter", open: (window, host) => filterOf(window, host, "products") },
  { view: "products", name: "columns", open: (window, host) => tool(window, host, "products", 1) },
  { view: "products", name: "why", open: why },
  { view: "orders", name: "detail", open: order },
  { view: "orders", name: "ship-many", open: chosenOrders },
  { view: "orders", name: "filters", open: (window, host) => popover(window, host, "orders", "f") },
  { view: "orders", name: "cancel", open: (window, host) => orderSheet(window, host, 0) },
  { view: "orders", name: "refund", open: (window, host) => orderSheet(window, host, 1) },
  { view: "orders", name: "pick-list", open: (window, host) => paper(window, host, 0) },
  { view: "orders", name: "packing-slips", open: (window, host) => paper(window, host, 1) },
  { view: "listings", name: "cell", open: listingCell },
  { view: "listings", name: "turn", open: chosenListings },
  { view: "listings", name: "problems", open: (window, host) => show(window, host, "listings?tab=problems") },
  { view: "import", name: "preview", open: preview },
  { view: "sync", name: "plan", open: plan },
  { view: "sync", name: "held", open: (window, host) => show(window, host, "sync?tab=held") },
  { view: "sync", name: "waiting", open: (window, host) => show(window, host, "sync?tab=waiting") },
  { view: "sync", name: "receipts", open: (window, host) => show(window, host, "sync?tab=receipts") },
  { view: "accounts", name: "one", open: account },
  {
    view: "accounts", name: "connect",
    open: (window, host) => show(window, host, "accounts?connect=1&marketplace=ebay&endpoint=production"),
  },
  { view: "accounts", name: "elsewhere", open: elsewhere },
  { view: "home", name: "palette", open: palette },
  ...FAULTS,
];
