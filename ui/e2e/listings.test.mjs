/** Listings: states by account, problems by cause, listing, pausing, ending. */

import assert from "node:assert/strict";

import { bring, cell, gone, press, reads, row, scene, stage } from "./scene.mjs";
import { m } from "./words.mjs";

const on = stage();

const notices = (page) => page.getByRole("region", { name: m.frame_notices() });
const grid = (page) => page.getByRole("grid", { name: m.frame_listings() });

async function skus(host) {
  const { products } = await host.call("products", { limit: 100 });
  return products.map(({ sku, title }) => ({ sku, title }));
}

async function listing(host, account, sku) {
  const { listings } = await host.call("listings", { account, sku });
  return listings[0];
}

/** The row of a product: the search finds its SKU, the table shows its title. */
async function find(page, sku) {
  await page.getByRole("textbox", { name: m.listings_search() }).fill(sku);
  await page.locator("[role=grid][aria-rowcount='2'][aria-busy=false]").waitFor();
}

scene(on, "each product stands with its state and price at every account", "listings", async (page, host) => {
  const { accounts } = await host.call("accounts");
  for (const { name } of accounts) await page.getByRole("columnheader", { name }).waitFor();
  const { products } = await host.call("products", { limit: 3 });
  const [, second] = products;
  for (const { name } of accounts) await reads(await cell(page, second.title, name), second.price.amount);
  const { total } = await host.call("listing_counts");
  await reads(page.getByRole("contentinfo"), m.listings_status({ live: String(total.live), sent: String(total.sent + total.waiting) }));
});

scene(on, "a listing whose change waits says so and leads to the answer", "listings", async (page, host) => {
  const { groups } = await host.call("held_groups");
  const [held] = groups;
  await find(page, held.rows[0].sku);
  await (await cell(page, held.rows[0].title, held.account)).getByText("needs you").click();
  const about = page.getByRole("dialog", { name: held.account });
  await reads(about, m.listings_held());
  await about.getByRole("button", { name: m.listings_do_answer() }).click();
  await page.waitForURL(/sync\?tab=held/);
});

scene(on, "a listing explains its price and quantity; it is paused and resumed there", "listings", async (page, host) => {
  const [, { sku, title }] = await skus(host);
  const { accounts } = await host.call("accounts");
  const account = accounts[1].name;
  await find(page, sku);
  const there = (await cell(page, title, account)).locator("[data-listing]");
  await there.click();
  const about = page.getByRole("dialog", { name: account });
  await reads(about, m.listings_price_wanted());
  await reads(about, m.listings_quantity_wanted());
  await about.getByRole("button", { name: m.listings_pause(), exact: true }).click();
  await gone(about);
  assert.equal((await listing(host, account, sku)).state, "paused");
  await there.click();
  await about.getByRole("button", { name: m.listings_resume() }).click();
  await gone(about);
  assert.notEqual((await listing(host, account, sku)).state, "paused");
});

scene(on, "E ends the chosen ones at one account, after asking where", "listings", async (page, host, window) => {
  const [, , , { sku }] = await skus(host);
  const { accounts } = await host.call("accounts");
  const account = accounts[2].name;
  await find(page, sku);
  await grid(page).focus();
  await press(window, "x", "e");
  const sheet = page.getByRole("dialog", { name: m.listings_turn_ask({ count: "1" }) });
  await sheet.getByRole("combobox", { name: m.listings_where() }).click();
  await page.getByRole("option", { name: account }).click();
  await sheet.getByRole("group", { name: m.listings_turn() }).getByRole("button", { name: m.listings_end(), exact: true }).click();
  await sheet.getByRole("button", { name: m.listings_end_do({ count: "1" }) }).click();
  await reads(notices(page), m.listings_ended({ count: "1" }));
  assert.match((await listing(host, account, sku)).state, /^end/);
  assert.doesNotMatch((await listing(host, accounts[1].name, sku)).state, /^end/);
});

scene(on, "a product that is listed nowhere is listed on an account", "listings", async (page, host) => {
  const sku = "PLAIN-1";
  const { accounts } = await host.call("accounts");
  const { name } = accounts.find(({ marketplace }) => marketplace === "ebay");
  await bring(host, "SKU,Title,Price,Quantity", `${sku},A plain thing,12.00,4`);
  await find(page, sku);
  await reads(await cell(page, "A plain thing", name), m.listings_not_listed());
  await row(page, "A plain thing").locator("[data-check]").click();
  const bar = page.getByRole("toolbar");
  await bar.getByRole("button", { name: m.listings_list_on() }).click();
  await page.getByRole("menuitem", { name }).click();
  await reads(notices(page), m.listings_added({ count: "1", account: name }));
  assert.equal((await listing(host, name, sku)).sku, sku);
  await notices(page).getByRole("button", { name: m.listings_to_plan() }).click();
  await page.getByRole("grid", { name: m.sync_plan() }).getByRole("row").filter({ hasText: sku }).first().waitFor();
});

scene(on, "what a marketplace lists already is taken over", "listings", async (page, host) => {
  const { accounts } = await host.call("accounts");
  const { name } = accounts.find(({ marketplace }) => marketplace === "ebay");
  await page.getByRole("button", { name: m.listings_adopt_dots() }).click();
  await page.getByRole("menuitem", { name }).click();
  const sheet = page.getByRole("dialog", { name: m.listings_adopt_title({ account: name }) });
  await reads(sheet, m.listings_adopt_told());
  await sheet.getByRole("button", { name: m.listings_adopt(), exact: true }).click();
  await page.getByText(new RegExp(`${name}: \\d+ read`)).first().waitFor();
});

scene(on, "a part of the listings is shown by its tab", "listings", async (page, host) => {
  const { total } = await host.call("listing_counts");
  await page.getByRole("tab", { name: m.listings_all() }).and(page.getByRole("tab", { name: String(total.all ?? total.live) })).count();
  await page.getByRole("tab", { name: /Refused|refused/ }).click();
  await page.waitForURL(/tab=refused/);
  await page.getByText(m.listings_none_match()).waitFor();
  await page.getByRole("main").getByRole("button", { name: m.listings_clear() }).click();
  await page.waitForURL((url) => !url.hash.includes("tab="));
});
