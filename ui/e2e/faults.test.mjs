/** A host that is slow, that fails, that is gone and comes back: no view jumps, hides or gives up. */

import assert from "node:assert/strict";

import { away, failing, PLACES, slow, WORDS } from "./faults.mjs";
import { bring, gone, reads, scene, stage, until } from "./scene.mjs";
import { settled, show } from "./stand.mjs";
import { m } from "./words.mjs";

const on = stage();

const told = (page, text) => page.getByRole("alert").filter({ hasText: text });

/** Where things stand that are there before and after an answer. */
function places(page) {
  return page.evaluate(() => {
    const at = (one) => {
      const { x, y, height } = one.getBoundingClientRect();
      return [x, y, height].map(Math.round).join(" ");
    };
    const found = { view: "main.view", title: "h1", search: "main input[type=search], main .search", panel: "[data-region=panel]", status: ".status" };
    return Object.fromEntries(Object.entries(found).flatMap(([name, which]) => {
      const one = document.querySelector(which);
      return one === null ? [] : [[name, at(one)]];
    }));
  });
}

/** Presses the way on of each part that failed until none is left; a press may bring several, and what
 *  is touched meanwhile is read again by itself. */
function goOn(page, alerts) {
  return until(async () => {
    const ways = alerts.getByRole("button", { name: m.failed_again() });
    if (await ways.count() > 0) await ways.first().click({ timeout: 1_000 }).catch(() => undefined);
    assert.equal(await alerts.count(), 0);
    assert.equal(await page.locator("[aria-busy=true]").count(), 0);
  });
}

/** What is said but for what failed, and for what the frame says of everything. */
function texts(page) {
  return page.evaluate(() => {
    const found = [];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      const { parentElement: at, data } = walk.currentNode;
      if (at.closest("script, style, [role=alert], .status") === null && data.trim() !== "") found.push(data.trim());
    }
    return found;
  });
}

for (const { view, name, at } of PLACES) {
  const what = `${view} ${name.replace("-", "")}`.trim();

  scene(on, `${what}: while it is read nothing is claimed, and nothing jumps when it is there`, "guide", async (page, host, window) => {
    const go = await slow(window);
    await show(window, host, await at(host));
    await page.locator("[aria-busy=true]").first().waitFor();
    assert.equal(await page.getByRole("alert").count(), 0);
    assert.equal(await page.getByRole("contentinfo").innerText(), "", "nothing is said of what is not read");
    assert.equal(await page.getByText(m.sync_all_sent(), { exact: true }).count(), 0);
    const before = await places(page);
    go();
    await settled(window);
    const after = await places(page);
    for (const [part, place] of Object.entries(before)) assert.equal(after[part], place, part);
    assert.equal(await page.getByRole("alert").count(), 0);
  });

  scene(on, `${what}: what failed is told with a way on, which brings it`, "guide", async (page, host, window) => {
    const back = await failing(window);
    await show(window, host, await at(host));
    await told(page, WORDS).first().waitFor();
    await until(async () => assert.equal(await page.locator("[aria-busy=true]").count(), 0, "nothing is read any more"));
    const before = new Set(await texts(page));
    await back();
    await goOn(page, page.getByRole("alert"));
    await settled(window);
    // What failed is not only gone: what was to be read is there.
    await until(async () => {
      assert.equal(await page.getByRole("alert").count(), 0);
      assert.equal(await page.locator("[aria-busy=true]").count(), 0);
      assert.notDeepEqual((await texts(page)).filter((one) => !before.has(one)), []);
    });
  });
}

scene(on, "a host that is gone: what was shown stays and is told to be old, until it is back", "home", async (page, host, window) => {
  const heading = page.getByRole("main").getByRole("heading", { level: 2 }).first();
  const words = await heading.innerText();
  const back = await away(window);
  await bring(host, "sku,title,price,quantity", "AWAY-1,Away one,10.00,1");
  await told(page, m.frame_host_gone()).first().waitFor();
  assert.equal(await heading.innerText(), words);
  await back();
  await goOn(page, told(page, m.frame_host_gone()));
});

scene(on, "a list of a host that is gone keeps its rows, and finds what was asked for when it is back", async (host) => {
  await bring(host, "sku,title,price,quantity", "GONE-1,Gone one,10.00,1", "GONE-2,Gone two,10.00,1");
  return "products?q=GONE";
}, async (page, host, window) => {
  const rows = page.getByRole("grid").getByRole("row");
  await reads(rows, "GONE-2");
  const back = await away(window);
  await page.getByRole("textbox", { name: m.products_search() }).fill("GONE-2");
  await told(page, m.frame_host_gone()).first().waitFor();
  await reads(rows, "GONE-1");
  await back();
  await goOn(page, told(page, m.frame_host_gone()));
  await gone(rows.filter({ hasText: "GONE-1" }));
  await reads(rows, "GONE-2");
  await until(async () => assert.equal(await page.getByRole("alert").count(), 0));
});

scene(on, "a count that could not be read says so and is there by itself later", "guide", async (page, host, window) => {
  const { waiting } = await host.call("cases", { limit: 1 });
  const count = "**/call/cases";
  await page.route(count, (route) => {
    if (route.request().postDataJSON().limit !== 1) return route.continue();
    return route.fulfill({ status: 500, json: { error: { kind: "internal", params: {}, message: WORDS } } });
  });
  await show(window, host, "orders?tab=cases");
  const status = page.getByRole("contentinfo");
  await reads(status, m.frame_not_counted());
  await page.unroute(count);
  await reads(status, waiting === 1 ? m.orders_cases_waiting_one({ count: "1" }) : m.orders_cases_waiting({ count: String(waiting) }));
  await gone(status.getByText(m.frame_not_counted()));
});

scene(on, "what is written while the host is gone is not lost: it stays where it was typed", async (host) => {
  await bring(host, "sku,title,price,quantity", "LOST-1,Lost one,10.00,1");
  return "products/LOST-1?tab=details";
}, async (page, host, window) => {
  const panel = page.getByRole("complementary", { name: "Lost one" });
  const price = panel.getByRole("textbox", { name: m.products_price(), exact: true });
  const back = await away(window);
  await price.fill("12.50");
  await price.press("Enter");
  await reads(panel, m.frame_host_gone());
  assert.equal(await price.inputValue(), "12.50");
  await back();
  await price.press("Enter");
  await until(async () => {
    const { variants } = await host.call("product", { sku: "LOST-1" });
    assert.equal(variants[0].price.amount, "12.50");
  });
  await gone(panel.getByText(m.frame_host_gone()));
});
