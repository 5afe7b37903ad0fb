/** Sync: the plan, what is held and asked, sending, receipts. The tests build on each other. */

import assert from "node:assert/strict";

import { gone, press, reads, scene, stage, until } from "./scene.mjs";
import { m } from "./words.mjs";

const on = stage();
const notices = (page) => page.getByRole("region", { name: m.frame_notices() });
const plan = (page) => page.getByRole("grid", { name: m.sync_plan() });

async function changed(host) {
  const { products } = await host.call("products", { limit: 5 });
  const { sku, on_hand } = products[3];
  await host.call("set", { sku, fields: { quantity: String(on_hand + 2) } });
  return { sku, on_hand };
}

/** The group of changes that is asked about first. */
async function firstHeld(host) {
  const { groups } = await host.call("held_groups");
  return groups[0];
}

scene(on, "an edit stands in the plan as old and new, before anything is sent", "home", async (page, host) => {
  const { sku, on_hand } = await changed(host);
  await page.getByRole("link", { name: m.frame_sync() }).click();
  const { accounts } = await host.call("plan");
  const wanted = accounts.reduce((sum, { line_count }) => sum + line_count, 0);
  assert.ok(wanted >= 4);
  const line = plan(page).getByRole("row").filter({ hasText: sku }).first();
  await line.waitFor();
  const said = await line.innerText();
  const [old, next] = [...said.matchAll(/\d+/g)].map(([digits]) => Number(digits)).slice(-2);
  assert.equal(next - old, 2, `${said} (${on_hand})`);
});

scene(on, "the plan is narrowed to one account", "sync", async (page, host, window) => {
  const { accounts } = await host.call("accounts");
  const all = await plan(page).getAttribute("aria-rowcount");
  await press(window, "f");
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: m.sync_account(), exact: true }).click();
  await dialog.getByText(accounts[0].name).click();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: `${m.sync_account_is()} ${accounts[0].name}` }).waitFor();
  await until(async () => assert.ok(Number(await plan(page).getAttribute("aria-rowcount")) < Number(all)));
});

scene(on, "a push is sent by one press; it ends with what became of it", "sync", async (page, host) => {
  const before = new Set((await host.call("receipts", { limit: 500 })).receipts.map(({ id }) => id));
  await page.getByRole("button", { name: /^Send \d+ change/ }).click();
  await page.getByRole("heading", { name: m.sync_only_held({ count: "4" }) }).waitFor();
  const { sku } = (await host.call("products", { limit: 5 })).products[3];
  await until(async () => {
    const { receipts } = await host.call("receipts", { limit: 500 });
    const sent = receipts.filter(({ id }) => !before.has(id)).filter((one) => one.sku === sku);
    assert.deepEqual(sent.map(({ kind }) => kind), Array(4).fill("set_quantity"));
    assert.ok(sent.every(({ sent_at }) => sent_at !== null));
  });
});

scene(on, "a price that falls far is asked about: old, new, by how much", "sync", async (page, host) => {
  const group = await firstHeld(host);
  const asked = page.getByRole("region", { name: m.sync_question() });
  const line = asked.getByRole("row").filter({ hasText: group.rows[0].sku });
  await reads(line, group.rows[0].from.split(" ")[0]);
  await reads(line, "1.00");
  await reads(line, "−99");
});

scene(on, "keeping the old price answers one question, and the next one is asked", "sync", async (page, host) => {
  const group = await firstHeld(host);
  const asked = page.getByRole("region", { name: m.sync_question() });
  await reads(asked, group.account);
  await asked.getByRole("button", { name: m.sync_keep_price() }).click();
  await reads(notices(page), m.sync_kept_one({ count: "1" }));
  await until(async () => assert.equal((await host.call("held_groups")).total, 3));
  const next = await firstHeld(host);
  await reads(asked, next.account);
});

scene(on, "a yes sends what was held", "sync?tab=held", async (page, host) => {
  const group = await firstHeld(host);
  const { sku } = group.rows[0];
  await page.getByRole("button", { name: m.sync_send_it() }).click();
  await reads(notices(page), m.sync_approved_one({ count: "1" }));
  await notices(page).getByRole("button", { name: m.sync_send_now() }).click();
  await reads(page.getByRole("contentinfo"), m.sync_only_held({ count: "2" }));
  const sent = async () => {
    const { receipts } = await host.call("receipts", { account: group.account, limit: 20 });
    return receipts.find((one) => one.sku === sku && one.kind === "set_price" && one.state !== "held");
  };
  await page.getByRole("button", { name: m.frame_sync(), exact: true }).and(page.locator(":enabled")).waitFor();
  await until(async () => assert.notEqual((await sent())?.sent_at ?? null, null));
});

scene(on, "every receipt is found again, by its SKU", "sync?tab=receipts", async (page, host) => {
  const { receipts } = await host.call("receipts", { limit: 50 });
  const { sku } = receipts.find((one) => one.sku !== null);
  await page.getByRole("textbox", { name: m.sync_search_sku() }).fill(sku);
  const count = receipts.filter((one) => one.sku === sku).length;
  assert.ok(count > 0);
  await page.getByRole("grid", { name: m.sync_receipts() }).getByRole("row").filter({ hasText: sku }).first().waitFor();
});

scene(on, "the outbox and what is left of the limits stand under what waits", "sync?tab=waiting", async (page, host) => {
  const box = page.getByRole("region", { name: m.sync_outbox() });
  const { accounts } = await host.call("outbox");
  const held = accounts.filter(({ counts }) => counts.some(({ state }) => state === "held"));
  assert.equal(held.length, 2);
  for (const { account } of held) await reads(box, account);
  await reads(box, m.sync_limits());
});

scene(on, "Ctrl Shift S syncs from anywhere, and fetches new orders", "guide", async (page, host, window) => {
  const before = (await host.call("order_counts")).all;
  const { products } = await host.call("products", { limit: 20 });
  const { sku } = products.find(({ available }) => available > 5);
  const body = JSON.stringify({ marketplace: "ebay", lines: [{ sku, quantity: 1 }] });
  await fetch(new URL("/orders", host.control), { method: "POST", headers: { "content-type": "application/json" }, body });
  await press(window, "Control+Shift+s");
  // What waits for a yes is told of with the way to it, else that all is done.
  const over = page.getByText(m.frame_sync_done()).or(page.getByRole("button", { name: m.frame_look_sync() }));
  await over.first().waitFor({ state: "attached" });
  await until(async () => assert.equal((await host.call("order_counts")).all, before + 1));
  await gone(page.getByRole("progressbar"));
});

scene(on, "one account is sent no more while the others go on", async (host) => {
  const { products } = await host.call("products", { limit: 30 });
  const { sku, on_hand } = products.find(({ kind, available }) => kind === "variant" && available > 3);
  await host.call("set", { sku, fields: { quantity: String(on_hand + 3) } });
  await fault(host, "walmart", 10_000);
  return "sync";
}, async (page, host) => {
  const { accounts } = await host.call("accounts");
  const busy = accounts.find(({ marketplace }) => marketplace === "walmart").name;
  const runs = page.getByRole("table", { name: m.sync_accounts() });
  await page.getByRole("button", { name: /^Send \d+ change/ }).click();
  await runs.getByRole("button", { name: m.sync_stop_at({ account: busy }) }).click();
  // The run is over, and what was not sent can be sent.
  await page.getByRole("button", { name: /^Send \d+ change/ }).waitFor();
  await until(async () => {
    const { accounts: plans } = await host.call("plan");
    const left = plans.filter(({ line_count }) => line_count > 0);
    assert.deepEqual(left.map(({ account }) => account), [busy]);
  });
  await fault(host, "walmart", 0);
});

/** Answers so many calls of a marketplace as if there were too many. */
async function fault(host, marketplace, times) {
  const body = JSON.stringify({ marketplace, name: "429", times });
  const answer = await fetch(new URL("/faults", host.control), { method: "POST", headers: { "content-type": "application/json" }, body });
  assert.ok(answer.ok, await answer.text());
}
