/** Fast hands and slow answers: what is pressed before an answer is there goes to what was meant. */

import assert from "node:assert/strict";

import { bring, cell, gone, press, reads, row, scan, scene, stage, until } from "./scene.mjs";
import { settled } from "./stand.mjs";
import { m } from "./words.mjs";

const on = stage();
const held = (at) => new Promise((go) => at.push(go));

/** Keeps answers of a command back until the answer of this is called. */
async function keepBack(page, name) {
  const waiting = [];
  let open = false;
  await page.route(`**/call/${name}`, async (route) => {
    if (!open) await held(waiting);
    await route.continue();
  });
  return {
    get count() { return waiting.length; },
    go: () => { open = true; waiting.splice(0).forEach((go) => go()); },
  };
}

async function priceOf(host, sku) {
  return (await host.call("product", { sku })).variants.find((one) => one.sku === sku).price.amount;
}

scene(on, "a price goes to its product though the list is sorted anew under it", async (host) => {
  await bring(host, "sku,title,price,quantity", "HAND-A,Hand a,10.00,1", "HAND-B,Hand b,20.00,1", "HAND-C,Hand c,30.00,1");
  return "products?q=HAND&sort=price";
}, async (page, host) => {
  const prices = await cell(page, "HAND-B", m.products_price());
  await prices.dblclick();
  const editor = page.getByRole("textbox", { name: m.products_price() });
  await editor.fill("22,50");
  // Another one becomes the dearest, and every line shows another product.
  await host.call("set", { sku: "HAND-A", fields: { price: "99.00" } });
  await host.call("set", { sku: "HAND-C", fields: { price: "5.00" } });
  await until(async () => assert.match(await page.getByRole("grid").getByRole("row").nth(1).innerText(), /HAND-C|HAND-A/));
  await editor.press("Enter");
  await gone(editor);
  await until(async () => assert.deepEqual(await Promise.all(["HAND-A", "HAND-B", "HAND-C"].map((sku) => priceOf(host, sku))), ["99.00", "22.50", "5.00"]));
});

scene(on, "a column of prices is typed faster than it can be kept", async (host) => {
  await bring(host, "sku,title,price,quantity", "FAST-1,Fast one,10.00,1", "FAST-2,Fast two,10.00,1");
  return "products?q=FAST&sort=sku";
}, async (page, host) => {
  const set = await keepBack(page, "set");
  await (await cell(page, "FAST-1", m.products_price())).click();
  const editor = page.getByRole("textbox", { name: m.products_price() });
  for (const text of ["12", "15"]) {
    await page.keyboard.press(text[0]);
    await editor.waitFor();
    await page.keyboard.press(text[1]);
    await page.keyboard.press("Enter");
    await gone(editor);
  }
  await until(() => assert.ok(set.count >= 1));
  assert.equal(await priceOf(host, "FAST-1"), "10.00");
  set.go();
  await until(async () => assert.deepEqual([await priceOf(host, "FAST-1"), await priceOf(host, "FAST-2")], ["12.00", "15.00"]));
});

scene(on, "a bulk edit waits until what was typed last is counted", async (host) => {
  await bring(host, "sku,title,price,quantity", "BULK-1,Bulk one,100.00,1");
  return "products?q=BULK";
}, async (page, host, window) => {
  await (await cell(page, "BULK-1", m.products_price())).click();
  await press(window, "x", "Control+Shift+P");
  const sheet = page.getByRole("dialog");
  const field = sheet.getByRole("textbox", { name: m.products_price() });
  await field.pressSequentially("1");
  await reads(sheet.getByRole("row"), "101");
  await page.keyboard.press("0");
  await page.keyboard.press("Control+Enter");
  await reads(sheet.getByRole("row"), "110");
  assert.equal(await priceOf(host, "BULK-1"), "100.00");
  await page.keyboard.press("Control+Enter");
  await gone(sheet);
  await until(async () => assert.equal(await priceOf(host, "BULK-1"), "110.00"));
});

scene(on, "Enter in the palette opens what was typed, not what was found before", async (host) => {
  await bring(host, "sku,title,price,quantity", "PALE-1,Pale lamp,1.00,1", "PALETTE-2,Palette knife,1.00,1");
  return "products";
}, async (page) => {
  await page.keyboard.press("Control+k");
  const ask = page.getByRole("dialog", { name: m.frame_find() }).getByRole("combobox");
  await ask.fill("PALE-1");
  await page.getByRole("option", { name: "Pale lamp" }).first().waitFor();
  const found = await keepBack(page, "products");
  await ask.fill("PALETTE-2");
  await ask.press("Enter");
  await until(() => assert.ok(found.count >= 1));
  assert.doesNotMatch(page.url(), /PALE-1/);
  found.go();
  await page.waitForURL(/products\/PALETTE-2/);
});

scene(on, "single keys find in an open menu, and do nothing behind it", "products", async (page, _, window) => {
  await page.getByRole("button", { name: m.columns_title() }).click();
  const columns = page.getByRole("dialog", { name: m.columns_title() });
  await columns.waitFor();
  await press(window, "f", "g", "o");
  assert.equal(await page.getByRole("dialog", { name: m.filter_add() }).count(), 0);
  assert.match(page.url(), /#\/products/);
  await page.keyboard.press("Escape");
  await gone(columns);
  await page.getByRole("grid").focus();
  await press(window, "f");
  await page.getByRole("dialog", { name: m.filter_add() }).waitFor();
});

scene(on, "what is pressed in a list is done to the rows that were asked for", async (host) => {
  await bring(host, "sku,title,price,quantity", "OLD-1,Old one,1.00,1", "NEWER-1,Newer one,1.00,1");
  return "products?q=OLD-1";
}, async (page, _, window) => {
  await reads(row(page, "OLD-1"), "OLD-1");
  const rows = await keepBack(page, "products");
  const search = page.getByRole("textbox", { name: m.products_search() });
  await search.fill("NEWER-1");
  await search.press("Enter");
  await until(() => assert.ok(rows.count >= 1));
  await page.keyboard.press("Space");
  rows.go();
  await page.waitForURL(/products\/NEWER-1/);
  await settled(window);
});

scene(on, "after an order its goods are scanned: they are counted, or refused, and never its parcel's number", async (host) => {
  await bring(host, "sku,title,price,quantity", "XPACK-9,Goods of another order,5.00,9");
  return "orders";
}, async (page, host, window) => {
  const { rows } = await host.call("order_rows", { limit: 50 });
  const details = await Promise.all(rows.map(({ order }) => host.call("order_detail", { order })));
  const at = details.findIndex(({ actions, order }) => actions.ship && order.lines.some((line) => line.variant_sku !== null));
  assert.ok(at >= 0, "an order waits to be shipped");
  const { order } = details[at];
  const { variant_sku } = order.lines.find((line) => line.variant_sku !== null);
  await page.getByRole("grid").focus();
  await scan(page, order.order_id);
  const panel = page.getByRole("complementary", { name: order.order_id });
  await panel.getByRole("heading", { name: m.orders_packing_check() }).waitFor();
  await settled(window);
  await scan(page, "XPACK-9");
  await reads(page.getByRole("region", { name: m.frame_notices() }), m.orders_pack_wrong({ sku: "XPACK-9", order: order.order_id }));
  assert.equal(await page.getByRole("grid").locator("[aria-selected=true]").count(), 0);
  await scan(page, variant_sku);
  await panel.getByText(/^1 of \d+$/).first().waitFor();
  const number = panel.getByRole("textbox", { name: m.orders_tracking() });
  assert.equal(await number.inputValue(), "");
  await number.fill("XPACK-9");
  await number.press("Enter");
  await reads(panel, m.orders_tracking_goods({ sku: "XPACK-9" }));
  assert.equal((await host.call("order_detail", { order: rows[at].order })).actions.ship, true);
});

scene(on, "Ctrl D shows what all that is chosen becomes, and one undo takes it back", async (host) => {
  await bring(host, "sku,title,price,quantity", "FILL-1,Fill one,10.00,1", "FILL-2,Fill two,20.00,1", "FILL-3,Fill three,30.00,1");
  return "products?q=FILL";
}, async (page, host, window) => {
  const prices = () => Promise.all(["FILL-1", "FILL-2", "FILL-3"].map((sku) => priceOf(host, sku)));
  await (await cell(page, "FILL-2", m.products_price())).click();
  await press(window, "Control+a", "Control+d");
  const sheet = page.getByRole("dialog");
  await sheet.getByText(m.products_bulk_told({ changed: "2", unchanged: "1" })).waitFor();
  assert.deepEqual(await prices(), ["10.00", "20.00", "30.00"]);
  await page.keyboard.press("Control+Enter");
  await gone(sheet);
  await until(async () => assert.deepEqual(await prices(), ["20.00", "20.00", "20.00"]));
  await press(window, "Control+z");
  await until(async () => assert.deepEqual(await prices(), ["10.00", "20.00", "30.00"]));
});
