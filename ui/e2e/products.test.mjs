/** Products: found, narrowed, edited in place and together, looked at from near, taken back. */

import assert from "node:assert/strict";

import { byKey, cell, gone, press, reads, row, scene, stage, until } from "./scene.mjs";
import { m } from "./words.mjs";

const on = stage();

async function product(host, sku) {
  const { products } = await host.call("products", { search: sku, limit: 20 });
  return products.find((one) => one.sku === sku);
}

/** SKUs of variants in the order of the list; each test takes its own. */
async function variants(host) {
  const { products } = await host.call("products", { limit: 100 });
  return products.filter(({ kind }) => kind === "variant").map(({ sku }) => sku);
}

const grid = (page) => page.getByRole("grid", { name: m.frame_products() });
const notices = (page) => page.getByRole("region", { name: m.frame_notices() });

scene(on, "the list says how much there is, and where one is in it", "products", async (page, host, window) => {
  const { skus } = await host.call("products_count");
  await until(async () => assert.equal(await grid(page).getAttribute("aria-rowcount"), String(skus + 1)));
  await reads(page.getByRole("contentinfo"), m.products_row_of({ row: "1", total: String(skus) }));
  await grid(page).focus();
  await press(window, "ArrowDown", "ArrowDown");
  await reads(page.getByRole("contentinfo"), m.products_row_of({ row: "3", total: String(skus) }));
});

scene(on, "searching narrows the list as one types, and Escape leaves the search", "products", async (page, host, window) => {
  const { products } = await host.call("products", { search: "lamp", limit: 50 });
  assert.ok(products.length > 1);
  const field = await byKey(page, "/", page.getByRole("textbox", { name: m.products_search() }));
  await field.pressSequentially("lamp");
  await page.locator(`[role=grid][aria-rowcount="${products.length + 1}"]`).waitFor();
  for (const { sku } of products.slice(0, 5)) await row(page, sku).first().waitFor();
  await until(async () => assert.match(page.url(), /q=lamp/));
  await press(window, "Escape");
  await until(async () => assert.doesNotMatch(page.url(), /q=/));
});

scene(on, "a search without a match says so and leads back", "products?q=nothing-is-called-so", async (page, host) => {
  const { skus } = await host.call("products_count");
  await page.getByText(m.products_none_match({ count: String(skus) })).waitFor();
  await page.getByRole("main").getByRole("button", { name: m.products_clear_filter() }).click();
  await page.locator(`[role=grid][aria-rowcount="${skus + 1}"]`).waitFor();
});

scene(on, "a filter reads as a sentence and can be taken away", "products", async (page, host, window) => {
  await press(window, "f");
  await page.getByRole("dialog").getByRole("button", { name: m.products_kind(), exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: m.products_kit(), exact: true }).click();
  await page.getByRole("button", { name: `${m.products_kind_is()} ${m.products_kit()}` }).waitFor();
  const { products } = await host.call("products", { filter: { kind: "kit" }, limit: 100 });
  assert.ok(products.length > 0 && products.every(({ kind }) => kind === "kit"));
  await page.locator(`[role=grid][aria-rowcount="${products.length + 1}"]`).waitFor();
  await page.getByRole("button", { name: m.filter_remove({ filter: m.products_kind() }) }).click();
  const { skus } = await host.call("products_count");
  await page.locator(`[role=grid][aria-rowcount="${skus + 1}"]`).waitFor();
});

scene(on, "a click on a head sorts, numbers down first, and a second click turns it", "products", async (page) => {
  const head = page.getByRole("columnheader", { name: m.products_price() });
  const prices = async () => {
    const cells = page.getByRole("grid").locator(`[data-cell="2"]`);
    return (await cells.allInnerTexts()).slice(0, 8).map((text) => Number(text.replace(",", "")));
  };
  for (const [sort, order] of [["descending", (a, b) => b - a], ["ascending", (a, b) => a - b]]) {
    await head.click();
    await page.locator(`[role=columnheader][aria-sort=${sort}]`).waitFor();
    await page.locator("[role=grid][aria-busy=false]").waitFor();
    await until(async () => {
      const shown = await prices();
      assert.equal(shown.length, 8);
      assert.deepEqual(shown, [...shown].sort(order), sort);
    });
  }
});

scene(on, "a price is edited in its cell, and Ctrl Z takes it back", "products", async (page, host) => {
  const [, sku] = await variants(host);
  const before = (await product(host, sku)).price.amount;
  const price = await cell(page, sku, m.products_price());
  await price.dblclick();
  const editor = page.getByRole("textbox", { name: m.products_price() });
  await editor.fill("0");
  await editor.press("Enter");
  await reads(page.getByRole("alert"), m.products_price_positive());
  assert.equal((await product(host, sku)).price.amount, before, "a wrong price is not kept");
  await editor.fill("123,45");
  await editor.press("Enter");
  await reads(price, "123.45");
  await gone(editor);
  await until(async () => assert.equal((await product(host, sku)).price.amount, "123.45"));
  await page.keyboard.press("Control+z");
  await reads(notices(page), m.frame_undone({ what: sku }));
  await reads(price, before);
  await until(async () => assert.equal((await product(host, sku)).price.amount, before));
});

scene(on, "what is typed into a cell stays while the list is read again", "products", async (page, host) => {
  const [, , , other, sku] = await variants(host);
  const stock = await cell(page, sku, m.products_on_hand());
  await stock.dblclick();
  const editor = page.getByRole("textbox", { name: m.products_on_hand() });
  await editor.and(page.locator(":focus")).waitFor();
  await page.keyboard.type("4");
  await host.call("set", { sku: other, fields: { price: "777.00" } });
  await reads(await cell(page, other, m.products_price()), "777.00");
  await page.keyboard.type("2");
  assert.equal(await editor.inputValue(), "42");
  await page.keyboard.press("Escape");
  await gone(editor);
});

scene(on, "stock is typed over where the cursor is; Escape keeps the old", "products", async (page, host) => {
  const [, , sku] = await variants(host);
  const stock = await cell(page, sku, m.products_on_hand());
  await stock.click();
  await page.keyboard.type("7");
  const editor = page.getByRole("textbox", { name: m.products_on_hand() });
  await editor.press("Escape");
  await gone(editor);
  const { on_hand } = await product(host, sku);
  await reads(stock, String(on_hand));
  await page.keyboard.press("F2");
  await editor.fill(String(on_hand + 6));
  await editor.press("Enter");
  await reads(stock, String(on_hand + 6));
  await gone(editor);
  await until(async () => assert.equal((await product(host, sku)).on_hand, on_hand + 6));
});

scene(on, "several prices are changed at once: old and new first, then yes, then back", "products", async (page, host) => {
  const skus = (await variants(host)).slice(3, 6);
  const before = await Promise.all(skus.map(async (sku) => (await product(host, sku)).price.amount));
  for (const sku of skus) await row(page, sku).first().locator("[data-check]").click();
  const bar = page.getByRole("toolbar", { name: m.bulk_actions() });
  await bar.getByText(m.bulk_some({ count: "3" })).waitFor();
  await bar.getByRole("button", { name: m.products_price_dots() }).click();
  const sheet = page.getByRole("dialog");
  await sheet.getByRole("textbox", { name: m.products_price() }).fill("+10");
  await sheet.getByText(m.products_bulk_told_all({ changed: "3" })).waitFor();
  const after = before.map((amount) => (Math.round(Number(amount) * 110) / 100).toFixed(2));
  for (const [n, sku] of skus.entries()) {
    const line = sheet.getByRole("row").filter({ hasText: sku });
    await reads(line, before[n]);
    await reads(line, after[n]);
  }
  assert.deepEqual(await Promise.all(skus.map(async (sku) => (await product(host, sku)).price.amount)), before);
  await sheet.getByRole("button", { name: m.products_bulk_apply({ count: "3" }) }).click();
  await reads(notices(page), m.products_bulk_done({ count: "3", field: m.products_price() }));
  await until(async () => assert.deepEqual(await Promise.all(skus.map(async (sku) => (await product(host, sku)).price.amount)), after));
  await notices(page).getByRole("button", { name: m.frame_undo() }).click();
  await reads(notices(page), m.frame_undone({ what: m.count_products({ count: "3" }) }));
  await until(async () => assert.deepEqual(await Promise.all(skus.map(async (sku) => (await product(host, sku)).price.amount)), before));
});

scene(on, "all that is found is chosen at once, and Escape lets go", "products?q=lamp", async (page, host, window) => {
  const { products } = await host.call("products", { search: "lamp", limit: 50 });
  await grid(page).focus();
  await press(window, "Control+a");
  await page.getByRole("toolbar").getByText(m.bulk_all({ count: String(products.length) })).waitFor();
  await press(window, "Escape");
  await gone(page.getByRole("toolbar"));
});

scene(on, "a number is asked why it is so, and the focus goes back", "products", async (page, host) => {
  const [sku] = await variants(host);
  const { price, cost } = await product(host, sku);
  await (await cell(page, sku, m.products_price())).click();
  await page.keyboard.press("?");
  const why = page.getByRole("dialog", { name: m.products_why({ value: price.amount }) });
  await reads(why, m.products_cost());
  await reads(why, cost.amount);
  await page.keyboard.press("Escape");
  await gone(why);
  await page.locator("[role=grid]:focus").waitFor();
});

scene(on, "Space opens a product; each of its tabs shows it; Escape closes it", "products", async (page, host, window) => {
  const [sku] = await variants(host);
  await (await cell(page, sku, m.products_sku())).click();
  await press(window, "Space");
  const { product: about, stocks } = await host.call("product", { sku });
  const panel = page.getByRole("complementary", { name: about.title });
  const tab = (name) => panel.getByRole("tablist", { name: m.products_parts() }).getByRole("tab", { name });
  await tab(m.products_details()).click();
  await until(async () => assert.equal(await panel.getByRole("textbox", { name: m.products_title() }).inputValue(), about.title));
  await tab(m.products_images()).click();
  await panel.getByRole("tabpanel", { name: m.products_images() }).waitFor();
  await tab(m.products_stock()).click();
  const there = stocks.find((one) => one.sku === sku);
  await reads(panel, String(there.on_hand));
  await tab(m.products_history()).click();
  await panel.getByRole("tabpanel", { name: m.products_history() }).waitFor();
  const { accounts } = await host.call("accounts");
  await panel.getByRole("tab", { name: new RegExp(`${m.products_listings()}|${m.products_variants()}`) }).click();
  for (const { name } of accounts) await panel.getByRole("tab", { name }).first().waitFor();
  await grid(page).focus();
  await press(window, "Escape");
  await gone(panel);
});

scene(on, "nothing is told to be seen at a marketplace before it was", async (host) => {
  const { accounts } = await host.call("accounts");
  await host.call("product_make", { fields: { sku: "UNSEEN-1", title: "Thing unseen", price: "9.00" } });
  await host.call("listing_add", { account: accounts[0].name, skus: ["UNSEEN-1"] });
  return "products/UNSEEN-1?tab=listings";
}, async (page, host) => {
  try {
    const line = (word) => page.getByRole("complementary").getByRole("row", { name: word });
    await line(m.products_wanted()).locator(".state").waitFor();
    for (const word of [m.products_acknowledged(), m.products_observed()]) {
      await reads(line(word), word);
      assert.equal(await line(word).locator(".state").count(), 0, word);
    }
  } finally {
    await host.call("products_remove", { skus: ["UNSEEN-1"] });
  }
});

scene(on, "goods are booked in the drawer, and stand in the ledger and in the list", async (host) => {
  const skus = await variants(host);
  return `products/${skus[6]}?tab=stock`;
}, async (page, host) => {
  const sku = (await variants(host))[6];
  const { on_hand } = await product(host, sku);
  const panel = page.getByRole("complementary").filter({ hasText: m.products_ledger() });
  await panel.getByRole("textbox", { name: m.products_stock_add() }).fill("5");
  await panel.getByRole("textbox", { name: m.products_reason() }).fill("found behind the shelf");
  await panel.getByRole("button", { name: m.products_book() }).click();
  await reads(panel.getByRole("row"), /found behind the shelf.*\+5/s);
  const { available } = await product(host, sku);
  await reads(await cell(page, sku, m.products_available()), String(available));
  await until(async () => assert.equal((await product(host, sku)).on_hand, on_hand + 5));
});

scene(on, "a title is written in the drawer and kept when it is left", async (host) => {
  const skus = await variants(host);
  return `products/${skus[7]}?tab=details`;
}, async (page, host) => {
  const sku = (await variants(host))[7];
  const field = page.getByRole("textbox", { name: m.products_title() });
  await field.fill("A title of one's own");
  await field.press("Tab");
  await page.getByRole("heading", { name: "A title of one's own" }).waitFor();
  await until(async () => assert.match((await product(host, sku)).title, /A title of one's own/));
});

scene(on, "a list is kept under a name, and stands in the side", "products?q=desk", async (page) => {
  await page.getByRole("button", { name: m.view_save() }).click();
  await page.getByRole("textbox", { name: m.view_name() }).fill("For the desk");
  await page.getByRole("button", { name: m.view_save_do(), exact: true }).click();
  const link = page.getByRole("navigation", { name: m.frame_places() }).getByRole("link", { name: "For the desk" });
  await link.waitFor();
  await page.getByRole("textbox", { name: m.products_search() }).fill("");
  await page.waitForURL((url) => !url.hash.includes("q="));
  await link.click();
  await page.waitForURL(/q=desk/);
});

scene(on, "columns are shown and hidden", "products", async (page) => {
  const brand = page.getByRole("columnheader", { name: m.products_brand() });
  await until(async () => assert.equal(await brand.count(), 0));
  await page.getByRole("button", { name: m.columns_title() }).click();
  await page.getByRole("checkbox", { name: m.products_brand() }).check();
  await brand.waitFor();
  await page.getByRole("button", { name: m.columns_reset() }).click();
  await gone(brand);
}, { width: 1920, height: 1080 });
