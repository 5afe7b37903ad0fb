/** Orders: found, looked at, shipped alone and together, cancelled, written to a file. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { answerWith, byKey, gone, practice, press, reads, row, scan, scene, stage, until } from "./scene.mjs";
import { freshFolder } from "./stand.mjs";
import { m } from "./words.mjs";

const on = stage();

const nameOf = ({ account, order_id }) => `${account}/${order_id}`;
const notices = (page) => page.getByRole("region", { name: m.frame_notices() });
const grid = (page) => page.getByRole("grid", { name: m.frame_orders() });
const rowcount = (page, count) => page.locator(`[role=grid][aria-rowcount="${count + 1}"]`).waitFor();

async function toShip(host) {
  const { orders } = await host.call("orders", { state: "to_ship", limit: 100 });
  return orders;
}

/** An order that another test does not touch: the `n`th of an account. */
async function orderOf(host, marketplace, n = 0) {
  const all = (await toShip(host)).filter((one) => one.marketplace === marketplace);
  return all.sort((a, b) => a.order_id.localeCompare(b.order_id))[n];
}

async function addressOf(host, marketplace, n) {
  return `orders/${encodeURIComponent(nameOf(await orderOf(host, marketplace, n)))}`;
}

async function state(host, order) {
  const { order: found } = await host.call("order_detail", { order });
  return found;
}

scene(on, "orders to ship stand by the day on which they must leave", "orders", async (page, host) => {
  const orders = await toShip(host);
  assert.ok(orders.length > 10);
  const days = new Set(orders.map(({ ship_by }) => ship_by.slice(0, 10)));
  await rowcount(page, orders.length + days.size);
  await page.getByRole("tab", { name: m.orders_tab_to_ship() }).and(page.getByRole("tab", { name: String(orders.length) })).waitFor();
  await reads(page.getByRole("contentinfo"), m.orders_status({ row: "1", total: String(orders.length) }));
});

scene(on, "a part of the list is shown by its tab, and is in the address", "orders", async (page, host) => {
  const { orders } = await host.call("orders", { state: "shipped", limit: 100 });
  assert.equal(orders.length, 1);
  await page.getByRole("tab", { name: m.orders_tab_shipped() }).click();
  await row(page, orders[0].order_id).waitFor();
  await until(async () => assert.match(page.url(), /tab=shipped/));
  await page.getByRole("tab", { name: m.orders_tab_pending() }).click();
  await page.getByText(m.orders_none_in_tab({ tab: m.orders_tab_pending() })).waitFor();
  await page.getByRole("button", { name: m.orders_show_all() }).click();
  const { total } = await host.call("order_rows", { limit: 1 });
  await rowcount(page, total);
});

scene(on, "an order is found by its number", "orders", async (page, host, window) => {
  const one = await orderOf(host, "ebay", 1);
  const search = await byKey(page, "/", page.getByRole("textbox", { name: m.orders_search() }));
  await search.pressSequentially(one.order_id);
  await rowcount(page, 2);
  await row(page, one.order_id).waitFor();
  await press(window, "Enter", "Space");
  await page.getByRole("complementary", { name: one.order_id }).waitFor();
});

scene(on, "a filter narrows to an account and says so", "orders", async (page, host, window) => {
  const orders = (await toShip(host)).filter(({ marketplace }) => marketplace === "newegg");
  await press(window, "f");
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: m.orders_account(), exact: true }).click();
  await dialog.getByRole("checkbox", { name: orders[0].account }).check();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: `${m.orders_account_is()} ${orders[0].account}` }).waitFor();
  for (const { order_id } of orders) await row(page, order_id).waitFor();
  const other = await orderOf(host, "walmart");
  await until(async () => assert.equal(await row(page, other.order_id).count(), 0));
});

scene(on, "an order from near tells lines, address, sums and what happened", (host) => addressOf(host, "amazon", 0), async (page, host) => {
  const one = await orderOf(host, "amazon", 0);
  const { order, lines } = await host.call("order_detail", { order: nameOf(one) });
  const panel = page.getByRole("complementary", { name: one.order_id });
  await reads(panel, lines[0].title ?? order.lines[0].title);
  await reads(panel, order.ship_to?.city ?? m.orders_no_address());
  await reads(panel, order.amounts.total.amount);
  await reads(panel, m.orders_was_placed({ marketplace: "Amazon" }));
  await panel.getByRole("button", { name: m.frame_close() }).click();
  await gone(panel);
  await until(async () => assert.doesNotMatch(page.url(), /orders\//));
});

scene(on, "an order is shipped: number, carrier guessed from it, Enter", (host) => addressOf(host, "ebay", 0), async (page, host) => {
  const one = await orderOf(host, "ebay", 0);
  const name = nameOf(one);
  const panel = page.getByRole("complementary", { name: one.order_id });
  await panel.getByRole("button", { name: m.orders_mark_shipped() }).click();
  const number = panel.getByRole("textbox", { name: m.orders_tracking() });
  await number.press("Enter");
  await reads(panel, m.orders_tracking_blank());
  assert.equal((await state(host, name)).state, "to_ship");
  await number.fill("9400111899223100001999");
  await reads(panel, m.orders_ship_note_guessed({ marketplace: "eBay", carrier: "USPS" }));
  await number.press("Enter");
  await reads(notices(page), m.orders_ship_queued({ order: one.order_id, marketplace: "eBay" }));
  await until(async () => {
    const { shipments } = await state(host, name);
    assert.deepEqual(shipments.map(({ carrier, tracking }) => [carrier, tracking]), [["USPS", "9400111899223100001999"]]);
  });
});

scene(on, "a parcel that was not told of is taken back, and the notice of it goes", (host) => addressOf(host, "amazon", 1), async (page, host) => {
  const one = await orderOf(host, "amazon", 1);
  const name = nameOf(one);
  const panel = page.getByRole("complementary", { name: one.order_id });
  await panel.getByRole("textbox", { name: m.orders_tracking() }).fill("9400111899223100001982");
  await panel.getByRole("textbox", { name: m.orders_tracking() }).press("Enter");
  const shipped = notices(page).getByText(m.orders_ship_queued({ order: one.order_id, marketplace: "Amazon" }));
  await shipped.waitFor();
  await panel.getByRole("button", { name: m.orders_take_back_of({ parcel: "9400111899223100001982" }) }).click();
  await reads(notices(page), m.orders_taken_back({ order: one.order_id, marketplace: "Amazon" }));
  await gone(shipped);
  await until(async () => {
    const { shipments, state: now } = await state(host, name);
    assert.deepEqual([shipments, now], [[], "to_ship"]);
  });
  await notices(page).getByRole("button", { name: m.frame_undo() }).click();
  await reads(panel, "9400111899223100001982");
  await until(async () => assert.equal((await state(host, name)).shipments.length, 1));
  await panel.getByRole("button", { name: m.orders_take_back_of({ parcel: "9400111899223100001982" }) }).click();
  await reads(panel, m.orders_mark_shipped());
});

scene(on, "a line is called as the product is called here; what it was sold as is its tip", (host) => addressOf(host, "walmart", 2), async (page, host) => {
  const one = await orderOf(host, "walmart", 2);
  const { lines, order } = await host.call("order_detail", { order: nameOf(one) });
  const { products } = await host.call("products", { search: order.lines[0].variant_sku, limit: 5 });
  const { title } = products.find(({ sku }) => sku === order.lines[0].variant_sku);
  assert.ok(lines[0].title.startsWith(title), lines[0].title);
  const panel = page.getByRole("complementary", { name: one.order_id });
  await reads(panel, lines[0].title);
  if (order.lines[0].title !== lines[0].title) await panel.getByTitle(m.orders_sold_as({ title: order.lines[0].title })).first().waitFor();
  await reads(row(page, one.order_id), title);
});

scene(on, "several orders are shipped in one go", "orders?q=practice&tab=all", async (page, host) => {
  await page.goto(page.url().replace("q=practice&tab=all", "account=Walmart+practice"));
  const orders = (await toShip(host)).filter(({ marketplace }) => marketplace === "walmart").slice(0, 2);
  for (const { order_id } of orders) await row(page, order_id).locator("[data-check]").click();
  await page.getByRole("toolbar").getByRole("button", { name: m.orders_mark_dots() }).click();
  const sheet = page.getByRole("dialog", { name: m.orders_ship_many_title({ count: "2" }) });
  await sheet.waitFor();
  const numbers = ["1Z999AA10123456784", "1Z999AA10123456793"];
  for (const [n, { order_id }] of orders.entries()) {
    await sheet.getByRole("textbox", { name: m.orders_tracking_of({ order: order_id }) }).fill(numbers[n]);
  }
  await sheet.getByRole("button", { name: m.orders_mark_many({ count: "2" }) }).click();
  await reads(notices(page), m.orders_shipped_many({ count: "2" }));
  await gone(sheet);
  await until(async () => {
    const told = await Promise.all(orders.map((one) => state(host, nameOf(one))));
    assert.deepEqual(told.map(({ shipments }) => shipments[0]?.tracking), numbers);
    assert.deepEqual(told.map(({ shipments }) => shipments[0].carrier), ["UPS", "UPS"]);
  });
});

scene(on, "an order is cancelled after it was shown what that does", (host) => addressOf(host, "ebay", 2), async (page, host) => {
  const one = await orderOf(host, "ebay", 2);
  const panel = page.getByRole("complementary", { name: one.order_id });
  await panel.getByRole("button", { name: m.orders_more() }).click();
  await page.getByRole("menuitem", { name: m.orders_cancel_dots() }).click();
  const sheet = page.getByRole("dialog", { name: m.orders_cancel_title() });
  await reads(sheet, m.orders_cancel_whole({ marketplace: "eBay" }));
  await sheet.getByRole("button", { name: m.orders_cancel_keep() }).click();
  await gone(sheet);
  await panel.getByRole("button", { name: m.orders_more() }).click();
  await page.getByRole("menuitem", { name: m.orders_cancel_dots() }).click();
  await sheet.getByRole("button", { name: m.orders_cancel_do_one({ count: "1" }) }).click();
  await reads(notices(page), m.orders_cancel_queued({ order: one.order_id, marketplace: "eBay" }));
  await until(async () => {
    const { timeline } = await host.call("order_detail", { order: nameOf(one) });
    assert.ok(timeline.some((entry) => JSON.stringify(entry).includes("cancel")), JSON.stringify(timeline));
  });
});

scene(on, "pick list and packing slips are made for what is chosen", "orders?account=Newegg+practice", async (page, host, window) => {
  const orders = (await toShip(host)).filter(({ marketplace }) => marketplace === "newegg");
  await grid(page).focus();
  await press(window, "Control+a", "p");
  const paper = page.getByRole("dialog", { name: m.orders_print() });
  const pick = paper.getByRole("region", { name: m.orders_pick_list() });
  for (const { lines } of orders) await reads(pick, lines[0].sku);
  await paper.getByRole("tab", { name: m.orders_packing_slips() }).click();
  const slips = paper.getByRole("region", { name: m.orders_packing_slips() });
  for (const { order_id } of orders) await reads(slips, order_id);
  await page.keyboard.press("Escape");
  await gone(paper);
});

scene(on, "all orders are written to a file", "orders", async (page, host) => {
  const folder = await freshFolder();
  const file = join(folder, "orders.csv");
  answerWith(page, file);
  await page.getByRole("button", { name: m.orders_export() }).click();
  await page.getByRole("menuitem", { name: m.orders_export_csv() }).click();
  await reads(notices(page), "orders.csv");
  const { orders } = await host.call("orders", { limit: 100 });
  const text = await readFile(file, "utf8");
  for (const { order_id } of orders) assert.ok(text.includes(order_id), order_id);
});

scene(on, "what the list shows is written to a file, and nothing else", "orders?account=Newegg+practice", async (page, host) => {
  const file = join(await freshFolder(), "newegg.csv");
  const orders = await toShip(host);
  const shown = orders.filter(({ marketplace }) => marketplace === "newegg");
  answerWith(page, file);
  await page.getByRole("button", { name: m.orders_export() }).click();
  await page.getByRole("menuitem", { name: m.orders_export_shown_csv({ count: String(shown.length) }) }).click();
  await reads(notices(page), "newegg.csv");
  const text = await readFile(file, "utf8");
  for (const { order_id, marketplace } of orders) assert.equal(text.includes(order_id), marketplace === "newegg", order_id);
});

scene(on, "a scanned number opens its order wherever the focus is", "orders", async (page, host, window) => {
  const one = await orderOf(host, "amazon", 3);
  await grid(page).focus();
  await scan(page, one.order_id);
  await page.getByRole("complementary", { name: one.order_id }).waitFor();
  assert.deepEqual(window.wrong, []);
});

scene(on, "it leaves without a number once that is said twice, and the focus goes along", async (host) => {
  const orders = (await toShip(host)).filter(({ marketplace, shipments }) => marketplace === "ebay" && shipments.length === 0);
  const details = await Promise.all(orders.map((one) => host.call("order_detail", { order: nameOf(one) })));
  // One that another scene has cancelled is to ship until that is told, and offers no number.
  const open = details.filter(({ actions, order }) => actions.ship_untracked && !order.cancel_requested);
  return `orders/${encodeURIComponent(nameOf(open.at(-1).order))}`;
}, async (page, host) => {
  const name = decodeURIComponent(/orders\/([^?]+)/.exec(page.url())[1]);
  const number = name.slice(name.indexOf("/") + 1);
  const panel = page.getByRole("complementary", { name: number });
  const focused = (one) => one.and(page.locator(":focus")).waitFor();
  const without = panel.getByRole("button", { name: m.orders_untracked(), exact: true });
  const field = panel.getByRole("textbox", { name: m.orders_tracking() });
  await field.fill("9400111899223100001975");
  await without.click();
  await reads(panel, m.orders_untracked_note({ marketplace: "eBay" }));
  await focused(panel.getByRole("button", { name: m.orders_untracked_ship() }));
  assert.deepEqual((await state(host, name)).shipments, [], "nothing is told yet");
  await panel.getByRole("button", { name: m.orders_untracked_not() }).click();
  await focused(field);
  assert.equal(await field.inputValue(), "", "what was typed was not meant");
  await without.click();
  await focused(panel.getByRole("button", { name: m.orders_untracked_ship() }));
  await page.keyboard.press("Enter");
  await reads(notices(page), m.orders_ship_queued({ order: number, marketplace: "eBay" }));
  await until(async () => {
    const { shipments } = await state(host, name);
    assert.deepEqual(shipments.map(({ carrier, tracking }) => [carrier, tracking]), [[null, null]]);
  });
});

/** Orders at Amazon that are not paid yet, by their ids. */
async function unpaid(host, count) {
  const { amazon } = await (await fetch(new URL("/state", host.control))).json();
  const { sku } = amazon.listings.find(({ quantity }) => quantity > count);
  await practice(host, "/faults", { marketplace: "amazon", name: "pending_order", times: count });
  const ids = [];
  for (let n = 0; n < count; n += 1) {
    ids.push((await practice(host, "/orders", { marketplace: "amazon", lines: [{ sku, quantity: 1 }] })).order_id);
  }
  await host.call("pull");
  const { orders } = await host.call("orders", { limit: 200 });
  return orders.filter(({ order_id }) => ids.includes(order_id));
}

scene(on, "what is not paid leaves only after a yes to that", async (host) => {
  const [one] = await unpaid(host, 1);
  assert.equal(one.payment_state, "pending");
  return `orders/${encodeURIComponent(nameOf(one))}`;
}, async (page, host) => {
  const name = decodeURIComponent(/orders\/([^?]+)/.exec(page.url())[1]);
  const number = name.slice(name.indexOf("/") + 1);
  const panel = page.getByRole("complementary", { name: number });
  const field = panel.getByRole("textbox", { name: m.orders_tracking() });
  await field.fill("9400111899223100001968");
  await field.press("Enter");
  await reads(panel, m.problem_not_paid());
  assert.deepEqual((await state(host, name)).shipments, []);
  await panel.getByRole("button", { name: m.orders_ship_unpaid() }).click();
  await reads(notices(page), m.orders_ship_queued({ order: number, marketplace: "Amazon" }));
  await until(async () => assert.equal((await state(host, name)).shipments[0]?.tracking, "9400111899223100001968"));
});

let several;

scene(on, "of several, those that are not paid leave after a yes, and the others at once", async (host) => {
  const bare = await unpaid(host, 1);
  const [paid] = (await toShip(host)).filter(({ marketplace, shipments }) => marketplace === "amazon" && shipments.length === 0);
  several = [paid, ...bare].map(({ order_id }) => order_id);
  return "orders?tab=all&account=Amazon+practice";
}, async (page, host) => {
  const ids = several;
  for (const id of ids) await row(page, id).locator("[data-check]").click();
  await page.getByRole("toolbar").getByRole("button", { name: m.orders_mark_dots() }).click();
  const sheet = page.getByRole("dialog", { name: m.orders_ship_many_title({ count: "2" }) });
  const numbers = ["1Z999AA10123456784", "1Z999AA10123456793"];
  for (const [n, id] of ids.entries()) await sheet.getByRole("textbox", { name: m.orders_tracking_of({ order: id }) }).fill(numbers[n]);
  await sheet.getByRole("button", { name: m.orders_mark_many({ count: "2" }) }).click();
  const rest = page.getByRole("dialog", { name: m.orders_ship_many_title_one() });
  await reads(rest, m.problem_not_paid());
  await rest.getByRole("textbox", { name: m.orders_tracking_of({ order: ids[1] }) }).and(page.locator(":focus")).waitFor();
  await rest.getByRole("button", { name: m.orders_ship_many_unpaid({ count: "1" }) }).click();
  await gone(rest);
  await until(async () => {
    const { orders } = await host.call("orders", { limit: 200 });
    const told = ids.map((id) => orders.find(({ order_id }) => order_id === id).shipments[0]?.tracking);
    assert.deepEqual(told, numbers);
  });
});
