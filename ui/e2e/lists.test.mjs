/** Lists of any length: rows are drawn where they belong however fast one moves, and menus hold nothing. */

import assert from "node:assert/strict";

import { gone, reads, row, scene, stage, until } from "./scene.mjs";
import { serve } from "./stand.mjs";
import { m } from "./words.mjs";

const PRODUCTS = 3_000;
const on = stage(() => serve(["--seed", "many", "--products", String(PRODUCTS), "--orders", "50"]));

const grid = (page) => page.getByRole("grid", { name: m.frame_products() });

/** What is drawn in the list now: the index of each row that is read, and its SKU. */
function drawn(page) {
  return grid(page).evaluate((list) => {
    const seen = list.getBoundingClientRect();
    return [...list.querySelectorAll("[data-line]")].flatMap((line) => {
      const { top, bottom } = line.getBoundingClientRect();
      if (bottom <= seen.top || top >= seen.bottom || line.querySelector("i.bar")) return [];
      return [{ at: Number(line.dataset.line), sku: line.querySelector("[data-cell='0']").textContent, top }];
    });
  });
}

scene(on, "rows that are used again show the row of their place", "products?sort=sku", async (page, host) => {
  const { products } = await host.call("products", { sort: "sku", at: 0, limit: 200 });
  for (const way of [40, 90, 28, -60, 700, -300]) {
    await grid(page).evaluate((list, by) => { list.scrollTop += by; }, way);
    await until(async () => {
      const rows = (await drawn(page)).sort((a, b) => a.top - b.top);
      assert.ok(rows.length > 10, `${rows.length} rows are read`);
      for (const { at, sku } of rows) assert.equal(sku, products[at].sku);
      rows.slice(1).forEach(({ at }, n) => assert.equal(at, rows[n].at + 1));
    });
  }
});

scene(on, "a text that is cut is told in whole where the pointer is, and nowhere else", "products?sort=sku", async (page, host) => {
  const { products } = await host.call("products", { sort: "sku", at: 0, limit: 3 });
  const cell = row(page, products[1].sku).locator("[data-cell='0']");
  await cell.evaluate((one) => { one.style.width = "20px"; });
  await cell.hover();
  await until(async () => assert.equal(await cell.getAttribute("title"), products[1].sku));
  await row(page, products[2].sku).locator("[data-cell='2']").hover();
  await until(async () => assert.equal(await grid(page).locator("[data-cell][title]").count(), 0));
});

const middle = ({ x, y, width, height }) => [x + width / 2, y + height / 2];

scene(on, "an open menu holds nothing: a press that follows a choice at once is not lost", "products", async (page) => {
  await grid(page).getByRole("row").nth(1).locator("[data-check]").click();
  const button = page.getByRole("toolbar", { name: m.bulk_actions() }).getByRole("button", { name: m.products_list_on() });
  await button.click();
  const item = page.getByRole("menuitem").first();
  await item.waitFor();
  const [choice, opener] = [middle(await item.boundingBox()), middle(await button.boundingBox())];
  const below = await page.evaluate(([x, y]) => document.elementFromPoint(x, y)?.closest("button")?.textContent, opener);
  assert.ok(below?.includes(m.products_list_on()), `the page is held: ${below}`);
  await page.mouse.click(...choice);
  await page.mouse.click(...opener);
  await until(async () => assert.equal(await button.getAttribute("aria-expanded"), "true"));
  await page.keyboard.press("Escape");
  await gone(page.getByRole("menu"));
});

scene(on, "a search shows what was typed last, however fast it was typed", "products", async (page, host) => {
  const { products } = await host.call("products", { sort: "sku", at: 0, limit: 40 });
  const { sku } = products[31];
  await page.getByRole("textbox", { name: m.products_search() }).pressSequentially(sku);
  await page.locator("[role=grid][aria-rowcount='2']").waitFor();
  await row(page, sku).waitFor();
  await reads(page.getByRole("contentinfo"), m.products_row_of({ row: "1", total: "1" }));
});
