/** What buyers write: in its list, in its order, answered once, taken back before it is sent. */

import assert from "node:assert/strict";

import { found } from "./axe.mjs";
import { gone, practice, reads, row, scene, stage, until } from "./scene.mjs";
import { m } from "./words.mjs";

const on = stage();

const notices = (page) => page.getByRole("region", { name: m.frame_notices() });

/** What eBay has for sale, as eBay knows it. */
async function forSale(host) {
  const { ebay } = await (await fetch(new URL("/state", host.control))).json();
  const offer = ebay.listings.find(({ state, quantity }) => state === "live" && quantity > 1);
  assert.ok(offer, "eBay has nothing for sale");
  return offer.sku;
}

/** A buyer who has bought and then written. His conversation, with its order. */
async function written(host) {
  const known = new Set((await host.call("messages")).conversations.map(({ id }) => id));
  const sku = await forSale(host);
  await practice(host, "/faults", { marketplace: "ebay", name: "buyer_writes", times: 1 });
  await practice(host, "/orders", { marketplace: "ebay", lines: [{ sku, quantity: 1 }] });
  return until(async () => {
    await practice(host, "/clock", { advance_seconds: 1_800 });
    await host.call("pull");
    const { conversations } = await host.call("messages");
    const one = conversations.find(({ id, order, last }) => !known.has(id) && order !== null && last !== null);
    assert.ok(one, "he has not written");
    return one;
  });
}

const again = async (host, { id }) => (await host.call("message_thread", { conversation: id }));
const panel = (page, { buyer }) => page.getByRole("complementary", { name: buyer });

let one;

scene(on, "what a buyer wrote stands among what needs a person, and is read by looking at it", async (host) => {
  one = await written(host);
  return "home";
}, async (page, host) => {
  const { waiting } = await host.call("messages");
  const title = waiting === 1 ? m.home_messages_one() : m.home_messages();
  await page.getByRole("button", { name: `${m.home_do_answer()}: ${title}` }).click();
  await page.getByRole("tab", { name: m.orders_messages() }).waitFor();
  await until(async () => assert.match(page.url(), /tab=messages/));
  const line = row(page, one.buyer);
  await reads(line, one.last.slice(0, 20));
  await line.dblclick();
  await reads(panel(page, one), one.last.slice(0, 20));
  assert.deepEqual(await found(page), []);
  await until(async () => assert.equal((await again(host, one)).conversation.unread, 0));
});

scene(on, "an answer is queued, taken back, and sent once", async () => `orders?tab=messages&talk=${one.id}`, async (page, host) => {
  const talk = panel(page, one);
  const field = talk.getByRole("textbox", { name: m.orders_message_yours() });
  const send = talk.getByRole("button", { name: m.orders_message_send() });
  assert.equal(await send.isDisabled(), true, "nothing is not an answer");
  await field.fill("It leaves on Monday.");
  await page.keyboard.press("Control+Enter");
  await reads(notices(page), m.orders_message_queued({ marketplace: "eBay" }));
  await reads(talk, m.orders_message_waiting());
  assert.equal((await again(host, one)).messages.at(-1).state, "waiting");
  await talk.getByRole("button", { name: m.orders_message_take_back() }).click();
  await gone(talk.getByText(m.orders_message_waiting()));
  await until(async () => assert.equal(await field.inputValue(), "It leaves on Monday."));
  await send.click();
  await reads(talk, m.orders_message_waiting());
  await host.call("push");
  await gone(talk.getByText(m.orders_message_waiting()));
  const { messages } = await again(host, one);
  assert.deepEqual(messages.filter(({ mine }) => mine).map(({ text, state }) => [text, state]), [["It leaves on Monday.", "there"]]);
});

scene(on, "the order of a conversation shows it, and the conversation leads to the order", async () => `orders?tab=messages&talk=${one.id}`, async (page) => {
  await panel(page, one).getByRole("button", { name: m.orders_message_order({ order: one.order_id }) }).click();
  const order = page.getByRole("complementary", { name: one.order_id });
  const section = order.getByRole("region", { name: m.orders_messages() });
  await reads(section, "It leaves on Monday.");
  assert.deepEqual(await found(page), []);
});

scene(on, "the list shows all conversations or those that wait", "orders?tab=messages", async (page, host) => {
  const { total } = await host.call("messages");
  await page.locator(`[role=grid][aria-rowcount="${total + 1}"]`).waitFor();
  await page.getByRole("button", { name: m.orders_messages_waiting_tab(), exact: true }).click();
  const waiting = await host.call("messages", { waiting: true });
  await page.locator(`[role=grid][aria-rowcount="${waiting.total + 1}"]`).waitFor();
  if (waiting.total === 0) await page.getByText(m.orders_messages_none_waiting()).waitFor();
  await until(async () => assert.match(page.url(), /waiting=yes/));
});
