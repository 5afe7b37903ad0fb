/** Home and first start: what waits for a person, and the way to each. */

import assert from "node:assert/strict";

import { gone, press, reads, scene, stage, until } from "./scene.mjs";
import { serve } from "./stand.mjs";
import { m } from "./words.mjs";

const on = stage();
const fresh = stage(() => serve(["--seed", "empty"]));

const region = (page, name) => page.getByRole("region", { name, exact: true });

scene(on, "what must leave stands first, and one press leads to those orders", "home", async (page, host) => {
  const { orders } = await host.call("orders", { state: "to_ship", limit: 100 });
  await page.getByRole("heading", { name: m.home_ship_later({ count: String(orders.length) }) }).waitFor();
  const next = orders.filter(({ marketplace }) => marketplace === "walmart");
  await page.getByRole("button", { name: m.home_ship_next({ count: String(next.length) }) }).click();
  await page.waitForURL(/orders\?/);
  for (const { order_id } of next) await page.getByRole("grid").getByText(order_id).waitFor();
});

scene(on, "what needs a person is one line for its cause, and its action mends it", "home", async (page, host) => {
  const { total, groups } = await host.call("held_groups");
  assert.equal(total, 4);
  const needs = region(page, m.home_needs());
  await reads(needs.getByRole("listitem"), m.home_held());
  await needs.getByRole("button", { name: m.home_do_answer() }).click();
  await page.waitForURL(/sync\?tab=held/);
  await page.getByRole("navigation", { name: m.sync_causes() }).getByRole("button").filter({ hasText: groups[0].account }).waitFor();
});

scene(on, "N goes to the next thing that needs a person", "home", async (page, host, window) => {
  await press(window, "n");
  const focused = region(page, m.home_needs()).getByRole("button", { name: m.home_do_answer() }).and(page.locator(":focus"));
  await focused.waitFor();
});

scene(on, "each account stands with its state and leads to it", "home", async (page, host) => {
  const { accounts } = await host.call("accounts");
  assert.equal(accounts.length, 4);
  const list = region(page, m.home_accounts());
  for (const { name } of accounts) await list.getByRole("link", { name }).waitFor();
  await list.getByRole("link", { name: accounts[0].name }).click();
  await page.getByRole("complementary", { name: accounts[0].name }).waitFor();
});

scene(on, "sales are bars, and the same as a table", "home", async (page, host) => {
  const { sales } = await host.call("home", { offset_minutes: 0 });
  const count = sales.days.reduce((sum, day) => sum + day.orders, 0);
  const section = region(page, m.home_sales());
  await reads(section, String(count));
  await section.getByRole("button", { name: m.home_sales_table() }).click();
  await section.getByRole("table").getByRole("columnheader", { name: m.home_sales_total_col() }).waitFor();
});

scene(on, "what runs low leads to the products that do", "home", async (page, host) => {
  const { products } = await host.call("products", { filter: { kind: "variant", available_max: 5 }, limit: 50 });
  const low = region(page, m.home_low());
  await low.getByRole("link", { name: m.home_low_all({ count: String(products.length) }) }).click();
  await page.locator(`[role=grid][aria-rowcount="${products.length + 1}"]`).waitFor();
});

scene(fresh, "a folder with nothing in it begins with first start", "home", async (page) => {
  await page.getByRole("heading", { name: m.start_headline() }).waitFor();
  await until(async () => assert.match(page.url(), /#\/start$/));
  await page.getByRole("button", { name: m.start_connect_do(), exact: true }).click();
  await page.getByRole("complementary", { name: m.accounts_connect() }).waitFor();
});

scene(fresh, "first start changes its language at once", "start", async (page, host) => {
  await page.getByRole("button", { name: "Português (Brasil)" }).click();
  await page.getByRole("heading", { name: m.start_headline({}, { locale: "pt-BR" }) }).waitFor();
  await page.getByRole("button", { name: "English" }).click();
  await page.getByRole("heading", { name: m.start_headline() }).waitFor();
  await until(async () => assert.equal((await host.call("settings")).language, "en"));
});

scene(fresh, "one press sets practice up, and Home has it", "start", async (page, host) => {
  const sample = page.getByRole("checkbox", { name: m.start_sample() });
  await until(async () => assert.ok(await sample.isChecked()));
  await sample.uncheck();
  await page.getByRole("button", { name: m.start_try_do() }).click();
  await page.waitForURL(/#\/home/);
  const { accounts } = await host.call("accounts");
  assert.deepEqual(accounts.map(({ marketplace }) => marketplace).sort(), ["amazon", "ebay", "newegg", "walmart"]);
  await page.getByRole("heading", { name: m.home_no_orders() }).waitFor();
  const list = region(page, m.home_accounts());
  for (const { name } of accounts) await list.getByRole("link", { name }).waitFor();
  await gone(page.getByRole("heading", { name: m.start_headline() }));
});
