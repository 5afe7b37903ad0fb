/** Listings: states by account, problems by cause, listing, pausing, ending. */

import assert from "node:assert/strict";

import { bring, cell, gone, press, reads, row, scene, stage, until } from "./scene.mjs";
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
  await until(async () => assert.equal((await listing(host, account, sku)).state, "paused"));
  await there.click();
  await about.getByRole("button", { name: m.listings_resume() }).click();
  await gone(about);
  await until(async () => assert.notEqual((await listing(host, account, sku)).state, "paused"));
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
  await until(async () => assert.match((await listing(host, account, sku)).state, /^end/));
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
  await until(async () => assert.equal((await listing(host, name, sku)).sku, sku));
  await notices(page).getByRole("button", { name: m.listings_to_plan() }).click();
  await page.getByRole("grid", { name: m.sync_plan() }).getByRole("row").filter({ hasText: sku }).first().waitFor();
});

/** Opens what reads an account's listings, by the menu. */
async function readingBack(page, title) {
  await page.getByRole("button", { name: m.listings_read() }).click();
  await page.getByRole("menuitem", { name: title }).click();
  return page.getByRole("dialog", { name: title });
}

scene(on, "what a marketplace lists already is taken over", "listings", async (page, host) => {
  const { accounts } = await host.call("accounts");
  const { name } = accounts.find(({ marketplace }) => marketplace === "ebay");
  const sheet = await readingBack(page, m.listings_adopt_from({ account: name }));
  await reads(sheet, m.listings_adopt_told());
  await sheet.getByRole("button", { name: m.listings_adopt(), exact: true }).click();
  await page.getByText(new RegExp(`${name}: \\d+ read`)).first().waitFor();
});

scene(on, "what stands on a marketplace is compared with what was sent", "listings", async (page, host) => {
  const { accounts } = await host.call("accounts");
  const { name } = accounts.find(({ marketplace }) => marketplace === "ebay");
  const sheet = await readingBack(page, m.listings_compare_from({ account: name }));
  await reads(sheet, m.listings_compare_told());
  await sheet.getByRole("button", { name: m.listings_compare(), exact: true }).click();
  await page.getByText(new RegExp(`${name}: [1-9]\\d* as they should be, \\d+ different`)).first().waitFor();
});

scene(on, "a part of the listings is shown by its tab", "listings", async (page, host) => {
  await page.getByRole("tab", { name: m.listings_all() }).waitFor();
  await page.getByRole("tab", { name: /Refused|refused/ }).click();
  await page.waitForURL(/tab=refused/);
  await page.getByText(m.listings_none_match()).waitFor();
  await page.getByRole("main").getByRole("button", { name: m.listings_clear() }).click();
  await page.waitForURL((url) => !url.hash.includes("tab="));
});

scene(on, "one category is given to many at one account: shown first, then done, then taken back", "listings", async (page, host, window) => {
  const chosen = (await skus(host)).slice(5, 8).map(({ sku }) => sku);
  const { accounts } = await host.call("accounts");
  const account = accounts.find(({ marketplace }) => marketplace === "newegg").name;
  const own = () => Promise.all(chosen.map(async (sku) => (await listing(host, account, sku)).overrides.category ?? null));
  const before = await own();
  await grid(page).focus();
  // The rows stand in the order of the catalogue; the sixth to the eighth are taken.
  await press(window, ...Array(5).fill("ArrowDown"), "x", "ArrowDown", "x", "ArrowDown", "x");
  await page.getByRole("toolbar").getByRole("button", { name: m.many_category_dots() }).click();
  const sheet = page.getByRole("dialog", { name: m.many_category_title({ count: "3" }) });
  await sheet.getByRole("combobox", { name: m.many_account() }).click();
  await page.getByRole("option", { name: account }).click();
  await sheet.getByRole("combobox", { name: m.many_category() }).fill("1101");
  for (const sku of chosen) await reads(sheet.getByRole("row").filter({ hasText: sku }), "1101");
  assert.deepEqual(await own(), before, "nothing is given before it was agreed to");
  await sheet.getByRole("button", { name: m.many_category_do({ count: "3" }) }).click();
  await reads(notices(page), m.many_category_done({ count: "3", account }));
  await gone(sheet);
  await until(async () => assert.deepEqual(await own(), ["1101", "1101", "1101"]));
  await notices(page).getByRole("button", { name: m.frame_undo() }).click();
  await reads(notices(page), new RegExp(m.frame_undone({ what: ".+" })));
  await until(async () => assert.deepEqual(await own(), before));
});

scene(on, "all that is found is paused and resumed in one go, and nothing beside it", "listings", async (page, host, window) => {
  const words = "lamp";
  const { products } = await host.call("products", { search: words, limit: 100 });
  const { accounts } = await host.call("accounts");
  const account = accounts.find(({ marketplace }) => marketplace === "amazon").name;
  const states = async () => {
    const { listings } = await host.call("listings", { account, limit: 1000 });
    const found = new Set(products.map(({ sku }) => sku));
    const paused = listings.filter(({ state }) => state === "paused").map(({ sku }) => sku);
    return { inside: paused.filter((sku) => found.has(sku)).length, outside: paused.filter((sku) => !found.has(sku)).length };
  };
  const before = await states();
  await page.getByRole("textbox", { name: m.listings_search() }).fill(words);
  await page.locator(`[role=grid][aria-rowcount="${products.length + 1}"][aria-busy=false]`).waitFor();
  const turn = async (which, act, done) => {
    await grid(page).focus();
    await press(window, "Control+a", "e");
    const sheet = page.getByRole("dialog", { name: m.listings_turn_ask({ count: String(products.length) }) });
    await sheet.getByRole("combobox", { name: m.listings_where() }).click();
    await page.getByRole("option", { name: account }).click();
    await sheet.getByRole("group", { name: m.listings_turn() }).getByRole("button", { name: which, exact: true }).click();
    const changes = sheet.getByRole("row").filter({ hasText: account }).getByRole("cell").first();
    // What was chosen before is shown until what is chosen now has been counted.
    await reads(changes, /^\s*([2-9]|\d\d+)\s*$/);
    const count = Number((await changes.innerText()).trim());
    await sheet.getByRole("button", { name: act({ count: String(count) }) }).click();
    await reads(notices(page), done({ count: String(count) }));
    await gone(sheet);
    return count;
  };
  const paused = await turn(m.listings_pause(), m.listings_pause_do, m.listings_paused);
  await until(async () => assert.deepEqual(await states(), { inside: before.inside + paused, outside: before.outside }));
  assert.equal(await turn(m.listings_resume(), m.listings_resume_do, m.listings_resumed), before.inside + paused);
  await until(async () => assert.deepEqual(await states(), { inside: 0, outside: before.outside }));
});

scene(on, "all that is found is ended in one go", "listings", async (page, host, window) => {
  const { accounts } = await host.call("accounts");
  const account = accounts.find(({ marketplace }) => marketplace === "walmart").name;
  await bring(host, "SKU,Title,Price,Quantity", "OUT-1,Outgoing one,5.00,4", "OUT-2,Outgoing two,5.00,4");
  await host.call("listing_add", { account, skus: ["OUT-1", "OUT-2"] });
  await page.getByRole("textbox", { name: m.listings_search() }).fill("outgoing");
  await page.locator("[role=grid][aria-rowcount='3'][aria-busy=false]").waitFor();
  await grid(page).focus();
  await press(window, "Control+a", "e");
  const sheet = page.getByRole("dialog", { name: m.listings_turn_ask({ count: "2" }) });
  await sheet.getByRole("group", { name: m.listings_turn() }).getByRole("button", { name: m.listings_end(), exact: true }).click();
  await sheet.getByRole("button", { name: m.listings_end_do({ count: "2" }) }).click();
  await reads(notices(page), m.listings_ended({ count: "2" }));
  for (const sku of ["OUT-1", "OUT-2"]) await until(async () => assert.match((await listing(host, account, sku)).state, /^end/));
});

scene(on, "each account is told by its mark above its column", "listings", async (page, host) => {
  const { accounts } = await host.call("accounts");
  for (const { name } of accounts) await until(async () => assert.equal(await page.getByRole("columnheader", { name }).locator("abbr").count(), 1, name));
});
