/** Nothing, one, very many: each view says what is there, and stays quick to move in. */

import assert from "node:assert/strict";

import { bring, byKey, press, reads, row, scene, stage, until } from "./scene.mjs";
import { serve } from "./stand.mjs";
import { m } from "./words.mjs";

const PRODUCTS = 20_000;
const ORDERS = 2_000;

const nothing = stage(() => serve(["--seed", "empty"]));
const one = stage(() => serve(["--seed", "empty"]));
const many = stage(() => serve(["--seed", "many", "--products", String(PRODUCTS), "--orders", String(ORDERS)]));

const quantity = (count) => count.toLocaleString("en-US");

/** With nothing in it, a view says in a sentence what will be there, and offers one way to it. */
const EMPTY = {
  products: [m.products_none(), m.products_import()],
  orders: [m.orders_none_connected(), m.orders_connect()],
  listings: [m.listings_no_accounts(), m.listings_connect()],
  import: [m.import_none(), m.import_choose_dots()],
  sync: [m.sync_no_accounts(), m.sync_connect()],
  accounts: [m.accounts_none(), m.accounts_connect()],
};

for (const [view, [says, offers]] of Object.entries(EMPTY)) {
  scene(nothing, `${view} with nothing in it`, view, async (page) => {
    const main = page.getByRole("main");
    await reads(main, says);
    await main.getByRole("button", { name: offers }).waitFor();
  });
}

scene(one, "one product, one of everything", "products", async (page, host, window) => {
  await bring(host, "SKU,Title,Price,Cost,Quantity", "ONE-1,The only one,10.00,4.00,1");
  await row(page, "ONE-1").waitFor();
  await reads(page.getByRole("contentinfo"), m.products_row_of({ row: "1", total: "1" }));
  await page.getByRole("grid").focus();
  await press(window, "ArrowDown", "ArrowDown", "Control+a");
  await reads(page.getByRole("toolbar"), m.bulk_all({ count: "1" }));
  await press(window, "Escape", "Space");
  await page.getByRole("complementary", { name: "The only one" }).waitFor();
});

scene(many, "very many products: the end is one key away, and the place is told", "products", async (page, host, window) => {
  const { skus } = await host.call("products_count");
  assert.equal(skus, PRODUCTS);
  await page.getByRole("grid").focus();
  await press(window, "Control+End");
  await reads(page.getByRole("contentinfo"), m.products_row_of({ row: quantity(skus), total: quantity(skus) }));
  const drawn = await page.getByRole("grid").getByRole("row").count();
  assert.ok(drawn < 120, `${drawn} rows are drawn`);
  const { products: [last] } = await host.call("products", { limit: 1, at: skus - 1 });
  await row(page, last.sku).waitFor();
});

scene(many, "very many products: one of them is found as one types", "products", async (page) => {
  const search = await byKey(page, "/", page.getByRole("textbox", { name: m.products_search() }));
  await search.pressSequentially("SKU-0012345");
  await row(page, "SKU-0012345").waitFor();
  await page.locator("[role=grid][aria-rowcount='2']").waitFor();
});

scene(many, "very many products: all that is found is changed at once, and back", "products", async (page, host, window) => {
  await page.getByRole("grid").focus();
  await press(window, "Control+a", "Control+Shift+p");
  const sheet = page.getByRole("dialog");
  await sheet.getByRole("textbox", { name: m.products_price() }).fill("-5");
  await sheet.getByText(m.products_bulk_told_all({ changed: quantity(PRODUCTS) })).waitFor();
  await until(async () => assert.equal(await sheet.getByRole("row").count(), 9));
  const prices = async () => (await Promise.all([0, PRODUCTS - 1].map((at) => host.call("products", { limit: 1, at })))).map(({ products: [one] }) => one.price.amount);
  const before = await prices();
  await press(window, "Control+Enter");
  const notices = page.getByRole("region", { name: m.frame_notices() });
  await reads(notices, m.products_bulk_done({ count: quantity(PRODUCTS), field: m.products_price() }));
  await until(async () => (await prices()).forEach((amount, at) => assert.ok(Number(amount) < Number(before[at]))));
  await press(window, "Control+z");
  await reads(notices, m.frame_undone({ what: m.count_products({ count: quantity(PRODUCTS) }) }));
  await until(async () => assert.deepEqual(await prices(), before));
});

scene(many, "very many orders: to the last of them, and one by its number", "orders?tab=all", async (page, host, window) => {
  const { all } = await host.call("order_counts");
  assert.equal(all, ORDERS);
  await page.getByRole("grid").focus();
  await press(window, "Control+End");
  await reads(page.getByRole("contentinfo"), m.orders_status({ row: quantity(all), total: quantity(all) }));
  const { rows } = await host.call("order_rows", { limit: 1 });
  await page.getByRole("textbox", { name: m.orders_search() }).fill(rows[0].order_id);
  await row(page, rows[0].order_id).waitFor();
});

scene(many, "very many listings: every account's, and Home's counts", "listings", async (page, host) => {
  const { total } = await host.call("listing_counts");
  const count = Object.values(total).reduce((sum, part) => sum + (typeof part === "number" ? part : 0), 0);
  assert.ok(count > 0);
  await page.locator(`[role=grid][aria-rowcount="${PRODUCTS + 1}"]`).waitFor();
  await page.getByRole("link", { name: m.frame_home() }).click();
  const { orders } = await host.call("orders", { state: "to_ship", limit: 1 });
  assert.equal(orders.length, 1);
  await page.getByRole("heading", { level: 2 }).first().waitFor();
});
