/** Products made, copied and removed by hand; long blocks pasted; categories found by words. */

import assert from "node:assert/strict";

import { gone, press, reads, row, scene, stage, until } from "./scene.mjs";
import { m } from "./words.mjs";

const on = stage();

const grid = (page) => page.getByRole("grid", { name: m.frame_products() });
const notices = (page) => page.getByRole("region", { name: m.frame_notices() });

async function product(host, sku) {
  const { products } = await host.call("products", { search: sku, limit: 20 });
  return products.find((one) => one.sku === sku);
}

scene(on, "a product is made, and Ctrl Z takes it back", "products", async (page, host, window) => {
  await grid(page).focus();
  await press(window, "n");
  const sheet = page.getByRole("dialog", { name: m.products_new_title() });
  await sheet.getByRole("button", { name: m.products_new_do() }).click();
  await reads(sheet, m.products_new_needs());
  await sheet.getByRole("textbox", { name: m.products_sku() }).fill("NEW-1");
  await sheet.getByRole("textbox", { name: m.products_title(), exact: true }).fill("A lamp made by hand");
  await sheet.getByRole("textbox", { name: m.products_new_price({ currency: "USD" }) }).fill("12.90");
  await sheet.getByRole("textbox", { name: m.products_stock() }).fill("4");
  await press(window, "Control+Enter");
  await reads(notices(page), m.products_new_made({ sku: "NEW-1" }));
  await page.getByRole("complementary").getByText("A lamp made by hand").first().waitFor();
  const made = await product(host, "NEW-1");
  assert.deepEqual([made.price, made.on_hand], [{ amount: "12.90", currency: "USD" }, 4]);
  await notices(page).getByRole("button", { name: m.frame_undo() }).click();
  await until(async () => assert.equal(await product(host, "NEW-1"), undefined));
});

scene(on, "what is wrong is told at its field, and a SKU that is there is not made twice", "products", async (page, host, window) => {
  const { products, total } = await host.call("products", { limit: 1 });
  await page.getByRole("button", { name: m.products_new(), exact: true }).click();
  const sheet = page.getByRole("dialog", { name: m.products_new_title() });
  await sheet.getByRole("textbox", { name: m.products_sku() }).fill(products[0].sku);
  await sheet.getByRole("textbox", { name: m.products_title(), exact: true }).fill("Again");
  await sheet.getByRole("textbox", { name: m.products_barcode() }).fill("12");
  await press(window, "Control+Enter");
  // The SKU is told of as well: what is meant is the barcode's own.
  const barcode = sheet.locator('[id$="-gtin-why"]');
  await until(async () => assert.equal(await barcode.getAttribute("role"), "alert"));
  assert.notEqual(await barcode.innerText(), "");
  await sheet.getByRole("textbox", { name: m.products_barcode() }).fill("");
  await press(window, "Control+Enter");
  await reads(sheet.getByRole("alert"), products[0].sku);
  assert.equal((await host.call("products", { limit: 1 })).total, total);
});

scene(on, "a copy has all but stock and barcode", "products", async (page, host, window) => {
  const { products } = await host.call("products", { limit: 100, filter: { kind: "variant" } });
  const from = products.find(({ price, brand }) => price !== null && brand !== null);
  await row(page, from.sku).first().click();
  await press(window, "x");
  await page.getByRole("toolbar").getByRole("button", { name: m.products_more() }).click();
  await page.getByRole("menuitem", { name: m.products_copy() }).click();
  const sheet = page.getByRole("dialog", { name: m.products_copy_title({ sku: from.sku }) });
  await sheet.getByRole("textbox", { name: m.products_sku() }).fill("COPY-1");
  await press(window, "Control+Enter");
  await reads(notices(page), m.products_new_made({ sku: "COPY-1" }));
  const made = await product(host, "COPY-1");
  assert.deepEqual([made.title, made.brand, made.price, made.on_hand, made.gtin], [from.title, from.brand, from.price, 0, null]);
  await host.call("edit_undo", {});
});

scene(on, "what can be removed is shown, what is listed stays, and Ctrl Z brings it back", async (host) => {
  for (const sku of ["GONE-1", "GONE-2"]) await host.call("product_make", { fields: { sku, title: `Thing gone-${sku}`, quantity: "3" } });
  const { accounts } = await host.call("accounts");
  await host.call("listing_add", { account: accounts[0].name, skus: ["GONE-1"] });
  return "products?q=gone-";
}, async (page, host, window) => {
  try {
    await row(page, "GONE-1").first().waitFor();
    await grid(page).focus();
    await press(window, "Control+a", "Delete");
    const sheet = page.getByRole("dialog", { name: m.products_remove_title({ count: "2" }) });
    await reads(sheet, m.products_remove_can({ count: "2" }));
    await reads(sheet, m.products_remove_takes({ listings: "1", units: "6" }));
    assert.notEqual(await product(host, "GONE-1"), undefined);
    await sheet.getByRole("button", { name: m.products_remove_do({ count: "2" }) }).click();
    await reads(notices(page), m.products_remove_done({ count: "2" }));
    await until(async () => assert.equal(await product(host, "GONE-1"), undefined));
    await press(window, "Control+z");
    await until(async () => assert.equal((await product(host, "GONE-1"))?.on_hand, 3));
  } finally {
    await host.call("products_remove", { skus: ["GONE-1", "GONE-2"] });
  }
});

scene(on, "what came since a choice was made is not removed unseen", async (host) => {
  await host.call("product_make", { fields: { sku: "LATE-1", title: "Thing late" } });
  return "products?q=late-";
}, async (page, host, window) => {
  try {
    await row(page, "LATE-1").first().waitFor();
    await grid(page).focus();
    await press(window, "Control+a", "Delete");
    const sheet = page.getByRole("dialog");
    await reads(sheet, m.products_remove_can({ count: "1" }));
    // It comes between the press and the answer.
    await page.route("**/call/products_remove", async (route) => {
      if (route.request().postDataJSON().seen) await host.call("product_make", { fields: { sku: "LATE-2", title: "Thing later" } });
      await route.continue();
    }, { times: 1 });
    await sheet.getByRole("button", { name: m.products_remove_do({ count: "1" }) }).click();
    await reads(sheet.getByRole("alert"), m.products_remove_changed());
    await reads(sheet, m.products_remove_can({ count: "2" }));
    for (const sku of ["LATE-1", "LATE-2"]) assert.notEqual(await product(host, sku), undefined);
  } finally {
    await host.call("products_remove", { skus: ["LATE-1", "LATE-2"] });
  }
});

/** Of what is live, one SKU for each thing that keeps products; undefined where nothing is kept by it. */
async function kept(host) {
  const { listings } = await host.call("listings", { state: "live", limit: 200 });
  const skus = [...new Set(listings.flatMap(({ variant_sku }) => variant_sku ?? []))];
  const { refused } = await host.call("products_remove", { skus, preview: true });
  return Object.fromEntries(refused.map(({ kind, sku }) => [kind, sku]));
}

scene(on, "a live product says where it is listed, and what ending does there is shown before it is done", async (host) => {
  const { remove_listed: sku } = await kept(host);
  assert.ok(sku, "nothing is kept by its listings alone");
  return `products?q=${sku}`;
}, async (page, host, window) => {
  const sku = new URLSearchParams(page.url().split("?").at(-1)).get("q");
  const wanted = async () => (await host.call("listings", { sku, limit: 20 })).listings.map(({ state }) => state);
  const before = await wanted();
  assert.ok(before.includes("live"));
  await row(page, sku).first().click();
  await press(window, "x", "Delete");
  const sheet = page.getByRole("dialog", { name: m.products_remove_title({ count: "1" }) });
  await reads(sheet, m.products_remove_can({ count: "0" }));
  assert.ok(await sheet.getByRole("button", { name: m.products_remove_do({ count: "0" }) }).isDisabled());
  await sheet.getByRole("button", { name: m.products_remove_end({ count: "1" }) }).click();
  const end = page.getByRole("dialog", { name: m.listings_turn_ask({ count: "1" }) });
  await gone(sheet);
  assert.equal(await end.getByRole("button", { name: m.listings_end(), exact: true }).getAttribute("aria-pressed"), "true");
  await end.getByRole("table").waitFor();
  await end.getByRole("button", { name: m.listings_leave() }).click();
  await gone(end);
  assert.deepEqual(await wanted(), before, "nothing was ended unasked");
});

scene(on, "what was ordered stays for good, and none of its listings is offered to be ended for that", async (host) => {
  const { remove_ordered: sku } = await kept(host);
  assert.ok(sku, "nothing that is live was ordered");
  return `products?q=${sku}`;
}, async (page, host, window) => {
  const sku = new URLSearchParams(page.url().split("?").at(-1)).get("q");
  await row(page, sku).first().click();
  await press(window, "x", "Delete");
  const sheet = page.getByRole("dialog", { name: m.products_remove_title({ count: "1" }) });
  await reads(sheet, m.products_remove_stay({ count: "1" }));
  assert.equal(await sheet.getByRole("button", { name: m.products_remove_end({ count: "1" }) }).count(), 0);
});

scene(on, "a long block is shown before it is pasted, and is one undo", "products?kind=variant", async (page, host, window) => {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const rows = 150;
  const read = async () => (await host.call("products", { limit: rows, filter: { kind: "variant" } })).products.map(({ price }) => price?.amount ?? null);
  const before = await read();
  const pasted = before.map((_, n) => `${n + 1}.50`);
  await page.evaluate((text) => navigator.clipboard.writeText(text), pasted.join("\n"));
  await grid(page).locator('[data-line="0"] [data-cell="2"]').click();
  await press(window, "Control+v");
  const sheet = page.getByRole("dialog", { name: m.products_paste_title({ count: String(before.length) }) });
  await reads(sheet, "1.50");
  assert.deepEqual(await read(), before);
  await press(window, "Control+Enter");
  await gone(sheet);
  await until(async () => assert.deepEqual(await read(), pasted));
  await press(window, "Control+z");
  await until(async () => assert.deepEqual(await read(), before));
});

scene(on, "a category is found by words, chosen by key, and its number can still be typed", async (host) => {
  const { accounts } = await host.call("accounts");
  const { name } = accounts.find(({ marketplace }) => marketplace === "ebay");
  const { listings } = await host.call("listings", { account: name, limit: 1 });
  return `products/${listings[0].variant_sku}?tab=listings&listing_tab=${listings[0].id}`;
}, async (page, host, window) => {
  const { accounts } = await host.call("accounts");
  const { name } = accounts.find(({ marketplace }) => marketplace === "ebay");
  const { categories } = await host.call("category_search", { account: name, words: "headphones" });
  assert.ok(categories.length > 0);
  const { listings } = await host.call("listings", { account: name, limit: 1 });
  const panel = page.getByRole("complementary");
  const line = panel.locator('[data-own="category"]');
  await line.getByRole("button", { name: m.field_set_own() }).click();
  const field = line.getByRole("combobox", { name: m.products_category() });
  const own = async () => (await host.call("listings", { account: name, limit: 1 })).listings[0].overrides.category ?? null;
  try {
    await field.fill("headphones");
    await line.getByRole("option").first().waitFor();
    await press(window, "Tab");
    await reads(line.getByRole("alert"), m.category_choose());
    assert.equal(await own(), null, "words are no category");
    await field.fill("headphones");
    await line.getByRole("option").first().waitFor();
    await press(window, "Enter");
    await until(async () => assert.equal(await own(), categories[0].id));
    await gone(line.getByRole("alert"));
    await field.fill("9355");
    await press(window, "Enter");
    await until(async () => assert.equal(await own(), "9355"));
  } finally {
    await host.call("listing_set", { account: name, sku: listings[0].sku, overrides: { category: "" } });
  }
});

scene(on, "words whose search failed are kept as no category", async (host) => {
  const { accounts } = await host.call("accounts");
  const { name } = accounts.find(({ marketplace }) => marketplace === "ebay");
  const { listings } = await host.call("listings", { account: name, limit: 1 });
  return `products/${listings[0].variant_sku}?tab=listings&listing_tab=${listings[0].id}`;
}, async (page, host, window) => {
  const error = { kind: "internal", params: {}, message: "nobody answers" };
  await page.route("**/call/category_search", (route) => route.fulfill({ status: 500, json: { error } }));
  const kept = [];
  page.on("request", (request) => { if (request.url().endsWith("/call/listing_set")) kept.push(request); });
  const line = page.getByRole("complementary").locator('[data-own="category"]');
  await line.getByRole("button", { name: m.field_set_own() }).click();
  await line.getByRole("combobox", { name: m.products_category() }).fill("coffee mug");
  await press(window, "Tab");
  await reads(line.getByRole("alert"), "nobody answers");
  assert.equal(kept.length, 0);
});

scene(on, "the plan is searched in the host", async (host) => {
  const { listings } = await host.call("listings", { state: "live", limit: 200 });
  const skus = [...new Set(listings.flatMap(({ variant_sku }) => variant_sku ?? []))].slice(0, 2);
  for (const sku of skus) await host.call("set", { sku, fields: { price: "123.45" } });
  return "sync";
}, async (page, host) => {
  try {
    const { total, rows } = await host.call("plan_rows", { limit: 1 });
    const found = await host.call("plan_rows", { search: rows[0].sku });
    assert.ok(found.total > 0 && found.total < total, `${found.total} of ${total}`);
    const plan = page.getByRole("grid", { name: m.sync_plan() });
    await until(async () => assert.equal(await plan.getAttribute("aria-rowcount"), String(total + 1)));
    await page.getByRole("textbox", { name: m.sync_plan_search() }).fill(rows[0].sku);
    await until(async () => assert.equal(await plan.getAttribute("aria-rowcount"), String(found.total + 1)));
    await row(page, rows[0].sku).first().waitFor();
  } finally {
    for (let edit = 0; edit < 2; edit += 1) await host.call("edit_undo", {});
  }
});

scene(on, "lists are sorted by what can be sold", "products?sort=available", async (page, host) => {
  const { products } = await host.call("products", { sort: "available", limit: 5 });
  const left = products.map(({ available }) => available);
  assert.deepEqual(left, [...left].sort((a, b) => a - b));
  await grid(page).locator('[data-line="0"]').filter({ hasText: products[0].sku }).waitFor();
});
