/** After the sale: what buyers want back, a wish to cancel that is not agreed to, what a sale cost. */

import assert from "node:assert/strict";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { found } from "./axe.mjs";
import { gone, practice, reads, row, scene, stage, until } from "./scene.mjs";
import { m } from "./words.mjs";

const on = stage();

const nameOf = ({ account, order_id }) => `${account}/${order_id}`;
const notices = (page) => page.getByRole("region", { name: m.frame_notices() });

/** What eBay has for sale, as eBay knows it. */
async function forSale(host) {
  const { ebay } = await (await fetch(new URL("/state", host.control))).json();
  const offer = ebay.listings.find(({ state, quantity }) => state === "live" && quantity > 1);
  assert.ok(offer, "eBay has nothing for sale");
  return offer.sku;
}

async function toShip(host) {
  const { orders } = await host.call("orders", { state: "to_ship", limit: 100 });
  const all = orders.filter(({ marketplace, cancel_requested }) => marketplace === "ebay" && !cancel_requested);
  return all.sort((a, b) => a.order_id.localeCompare(b.order_id));
}

/** Pulls until something is there: buyers take their time, and it is made to pass. */
async function pulled(host, isThere) {
  return until(async () => {
    await practice(host, "/clock", { advance_seconds: 1_800 });
    await host.call("pull");
    const found = await isThere();
    assert.ok(found, "it did not come");
    return found;
  });
}

/** An order that was shipped, whose buyer then brings something up. Its case. */
async function broughtUp(host, fault) {
  const [order] = await toShip(host);
  await practice(host, "/faults", { marketplace: "ebay", name: fault, times: 1 });
  await host.call("ship", { order: nameOf(order), carrier: "UPS", tracking: "1Z999AA10123456784" });
  await host.call("push");
  return pulled(host, async () => (await host.call("cases")).cases.find(({ order_id }) => order_id === order.order_id));
}

let returned;

scene(on, "a return stands among what needs a person, by its deadline, and in its order", async (host) => {
  returned = await broughtUp(host, "buyer_returns");
  return "home";
}, async (page) => {
  await page.getByRole("button", { name: `${m.home_do_answer()}: ${m.home_case_return()}` }).click();
  await page.getByRole("tab", { name: m.orders_cases() }).waitFor();
  await until(async () => assert.match(page.url(), /tab=cases/));
  const line = row(page, returned.order_id);
  await reads(line, m.orders_case_return());
  await reads(line, m.orders_case_waits_for_you());
  await line.dblclick();
  const panel = page.getByRole("complementary", { name: returned.order_id });
  const section = panel.getByRole("region", { name: m.orders_cases() });
  await reads(section, m.orders_case_return());
  await reads(section, m.orders_case_waits_for_you());
});

const caseOf = async (host, id) => {
  const both = await Promise.all([false, true].map((closed) => host.call("cases", { closed })));
  return both.flatMap(({ cases }) => cases).find((one) => one.id === id);
};

scene(on, "a return is agreed to: what that does is said first, and once is enough", async () =>
  `orders/${encodeURIComponent(returned.order)}`, async (page, host) => {
  const panel = page.getByRole("complementary", { name: returned.order_id });
  const section = panel.getByRole("region", { name: m.orders_cases() });
  const agree = section.getByRole("button", { name: m.orders_case_do_approve() });
  await agree.click();
  const sheet = page.getByRole("dialog", { name: `${m.orders_case_return()}: ${m.orders_case_do_approve()}` });
  await reads(sheet, m.orders_case_does_approve());
  assert.deepEqual(await found(page), []);
  assert.equal((await caseOf(host, returned.id)).answering, null, "nothing is done before it was agreed to");
  const given = [];
  page.on("request", (request) => { if (request.url().endsWith("/call/case_act")) given.push(request); });
  await page.keyboard.press("Control+Enter");
  await page.keyboard.press("Control+Enter");
  await reads(notices(page), m.orders_case_queued({ what: m.orders_case_return(), marketplace: "eBay" }));
  await reads(section, m.orders_case_answering({ answer: m.orders_case_do_approve() }));
  await gone(agree);
  assert.equal(given.length, 1);
  await host.call("push");
  await pulled(host, async () => {
    const { answering, offers } = await caseOf(host, returned.id);
    return answering === null && !offers.includes("approve");
  });
  await gone(section.getByText(m.orders_case_answering({ answer: m.orders_case_do_approve() })));
});

let missed;

scene(on, "goods that did not come: from the list it is told how they were sent, as it was told before", async (host) => {
  missed = await broughtUp(host, "buyer_misses");
  return "orders?tab=cases";
}, async (page, host) => {
  await row(page, missed.order_id).click();
  const menu = page.getByRole("button", { name: m.orders_case_answer_menu(), exact: true });
  await menu.click();
  await page.getByRole("menuitem", { name: m.orders_case_do_refund() }).click();
  const refund = page.getByRole("dialog", { name: `${m.orders_case_inquiry()}: ${m.orders_case_do_refund()}` });
  await reads(refund, `${missed.amount.amount} ${missed.amount.currency}`);
  await refund.getByRole("button", { name: m.orders_case_keep() }).click();
  await gone(refund);
  await menu.click();
  await page.getByRole("menuitem", { name: m.orders_case_do_shipment() }).click();
  const sheet = page.getByRole("dialog", { name: `${m.orders_case_inquiry()}: ${m.orders_case_do_shipment()}` });
  const number = sheet.getByRole("textbox", { name: m.orders_tracking() });
  await until(async () => assert.equal(await number.inputValue(), "1Z999AA10123456784"));
  assert.deepEqual(await found(page), []);
  await sheet.getByRole("button", { name: m.orders_case_do_shipment() }).click();
  await gone(sheet);
  await until(async () => assert.equal((await caseOf(host, missed.id)).answering, "provide_shipment"));
});

let disputed;

scene(on, "a dispute is contested with files that show it, and with no others", async (host) => {
  disputed = await broughtUp(host, "buyer_disputes");
  return "orders?tab=cases";
}, async (page, host) => {
  const folder = await mkdtemp(join(tmpdir(), "barrow-"));
  const [letter, slip] = [join(folder, "letter.pdf"), join(folder, "slip.jpg")];
  await writeFile(letter, "%PDF-1.7");
  await writeFile(slip, Buffer.from([0xff, 0xd8, 0xff, 0xe0]));
  await row(page, disputed.order_id).click();
  await page.getByRole("button", { name: m.orders_case_answer_menu(), exact: true }).click();
  await page.getByRole("menuitem", { name: m.orders_case_do_contest() }).click();
  const sheet = page.getByRole("dialog", { name: `${m.orders_case_dispute()}: ${m.orders_case_do_contest()}` });
  await reads(sheet, m.orders_evidence_without({ marketplace: "eBay" }));
  page.once("dialog", (dialog) => dialog.accept(`${letter}|${slip}`));
  await sheet.getByRole("button", { name: m.orders_evidence_add() }).click();
  await reads(sheet.getByRole("list", { name: m.orders_evidence() }), "slip.jpg");
  await reads(sheet, m.orders_evidence_note());
  assert.deepEqual(await found(page), []);
  await reads(sheet, m.orders_evidence_delivery());
  const contest = sheet.getByRole("button", { name: m.orders_case_do_contest() });
  await contest.click();
  await reads(sheet.getByRole("alert"), m.problem_evidence_file_form({ file: letter }));
  await sheet.getByRole("button", { name: m.orders_evidence_remove({ file: "letter.pdf" }) }).click();
  await contest.click();
  await gone(sheet);
  await host.call("push");
  const { ebay } = await (await fetch(new URL("/state", host.control))).json();
  assert.equal(ebay.calls.addEvidence, 1);
  await pulled(host, async () => (await caseOf(host, disputed.id)).state === "waits_for_marketplace");
});

scene(on, "a dispute about the goods is contested with an address, which stands there the next time", async (host) => {
  disputed = await broughtUp(host, "buyer_disputes_goods");
  return "orders?tab=cases";
}, async (page, host) => {
  const open = async (one) => {
    await row(page, one.order_id).click();
    await page.getByRole("button", { name: m.orders_case_answer_menu(), exact: true }).click();
    await page.getByRole("menuitem", { name: m.orders_case_do_contest() }).click();
    return page.getByRole("dialog", { name: `${m.orders_case_dispute()}: ${m.orders_case_do_contest()}` });
  };
  const sheet = await open(disputed);
  const contest = sheet.getByRole("button", { name: m.orders_case_do_contest() });
  assert.equal(await contest.isDisabled(), true);
  assert.deepEqual(await found(page), []);
  const said = [
    [m.mend_field_name(), "Ann Lee"], [m.mend_field_line1(), "1 Main St"], [m.mend_field_city(), "Reno"], [m.mend_field_postal_code(), "89501"],
    [m.mend_field_country(), "us"], [m.orders_return_phone(), "(775) 555-0100"],
  ];
  for (const [label, text] of said) await sheet.getByRole("textbox", { name: label }).fill(text);
  await contest.click();
  await gone(sheet);
  await host.call("push");
  await pulled(host, async () => (await caseOf(host, disputed.id)).state === "waits_for_marketplace");
  const { return_address: kept } = await host.call("settings");
  assert.deepEqual([kept.name, kept.country, kept.phone], ["Ann Lee", "US", "(775) 555-0100"]);
  disputed = await broughtUp(host, "buyer_disputes_goods");
  const next = await open(disputed);
  await until(async () => assert.equal(await next.getByRole("textbox", { name: m.mend_field_city() }).inputValue(), "Reno"));
});

scene(on, "a dispute about the goods is accepted, and they are asked back", "orders?tab=cases", async (page, host) => {
  await row(page, disputed.order_id).click();
  await page.getByRole("button", { name: m.orders_case_answer_menu(), exact: true }).click();
  await page.getByRole("menuitem", { name: m.orders_case_do_accept_back() }).click();
  const sheet = page.getByRole("dialog", { name: `${m.orders_case_dispute()}: ${m.orders_case_do_accept_back()}` });
  await until(async () => assert.equal(await sheet.getByRole("textbox", { name: m.mend_field_city() }).inputValue(), "Reno"));
  assert.deepEqual(await found(page), []);
  await sheet.getByRole("textbox", { name: m.orders_return_phone() }).fill("(775) 555-0199");
  const { amount, currency } = disputed.amount;
  await sheet.getByRole("button", { name: m.orders_case_do_money({ amount: `${amount} ${currency}` }) }).click();
  await gone(sheet);
  await host.call("push");
  await pulled(host, async () => (await caseOf(host, disputed.id)).state === "closed");
  const { ebay } = await (await fetch(new URL("/state", host.control))).json();
  assert.equal(ebay.calls.acceptPaymentDispute, 1);
});

scene(on, "the list of cases shows the open ones or the closed ones", "orders?tab=cases", async (page, host) => {
  const { total } = await host.call("cases");
  await page.locator(`[role=grid][aria-rowcount="${total + 1}"]`).waitFor();
  await page.getByRole("button", { name: m.orders_cases_closed(), exact: true }).click();
  const closed = await host.call("cases", { closed: true });
  await page.locator(`[role=grid][aria-rowcount="${closed.total + 1}"]`).waitFor();
  if (closed.total === 0) await page.getByText(m.orders_cases_none_closed()).waitFor();
  await until(async () => assert.match(page.url(), /closed=yes/));
});

scene(on, "a wish to cancel is not agreed to, after it was said what that does", async (host) => {
  const sku = await forSale(host);
  await practice(host, "/faults", { marketplace: "ebay", name: "buyer_regrets", times: 1 });
  await practice(host, "/orders", { marketplace: "ebay", lines: [{ sku, quantity: 1 }] });
  const asked = await pulled(host, async () => {
    const { orders } = await host.call("orders", { limit: 200 });
    return orders.find(({ marketplace, cancel_requested }) => marketplace === "ebay" && cancel_requested);
  });
  return `orders/${encodeURIComponent(nameOf(asked))}`;
}, async (page, host) => {
  const order = decodeURIComponent(/orders\/([^?]+)/.exec(page.url())[1]);
  const panel = page.getByRole("complementary", { name: order.split("/")[1] });
  await panel.getByRole("button", { name: m.orders_reject_dots() }).click();
  await reads(panel, m.orders_reject_told());
  await panel.getByRole("button", { name: m.orders_reject_do(), exact: true }).click();
  await reads(notices(page), m.orders_reject_queued({ order: order.split("/")[1], marketplace: "eBay" }));
  await until(async () => {
    const { actions, timeline } = await host.call("order_detail", { order });
    assert.equal(actions.reject_cancel, false);
    assert.ok(timeline.some(({ action }) => action === "reject_cancel"));
  });
});

scene(on, "what the marketplace kept stands in the order", async (host) => {
  const paid = await pulled(host, async () => {
    const { orders } = await host.call("orders", { limit: 200 });
    for (const order of orders.filter(({ marketplace }) => marketplace === "ebay")) {
      const { fees } = await host.call("order_detail", { order: nameOf(order) });
      if (fees.length > 0) return order;
    }
    return null;
  });
  return `orders/${encodeURIComponent(nameOf(paid))}`;
}, async (page, host) => {
  const order = decodeURIComponent(/orders\/([^?]+)/.exec(page.url())[1]);
  const { fees, fees_total } = await host.call("order_detail", { order });
  const panel = page.getByRole("complementary", { name: order.split("/")[1] });
  await reads(panel, m.orders_fees({ marketplace: "eBay" }));
  await reads(panel, fees[0].title);
  if (fees_total) await reads(panel, fees_total.amount);
});
