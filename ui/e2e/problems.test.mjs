/** Problems: listings that a marketplace refuses stand by their cause, and are mended at once. */

import assert from "node:assert/strict";

import { bring, reads, scene, stage, until } from "./scene.mjs";
import { m } from "./words.mjs";

const on = stage();
const notices = (page) => page.getByRole("region", { name: m.frame_notices() });

/** Three products without a price are listed on eBay: nothing there can be sold so. */
async function unpriced(host) {
  const { accounts } = await host.call("accounts");
  const { name } = accounts.find(({ marketplace }) => marketplace === "ebay");
  const skus = ["BARE-1", "BARE-2", "BARE-3"];
  await bring(host, "SKU,Title,Quantity", ...skus.map((sku) => `${sku},Bare thing,4`));
  await host.call("listing_add", { account: name, skus });
  await host.call("push", { patience_seconds: 5 });
  return "listings?tab=problems";
}

scene(on, "without a problem there is none to show", "listings?tab=problems", async (page, host) => {
  await until(async () => assert.deepEqual((await host.call("problem_causes", { limit: 5 })).causes, []));
  await page.getByRole("main").getByText(m.listings_problems_none()).first().waitFor();
  await until(async () => assert.equal(await page.getByRole("grid").getAttribute("aria-rowcount"), "1"));
  await page.getByRole("main").getByRole("button", { name: m.listings_show_all() }).click();
  const { skus } = await host.call("products_count");
  await page.locator(`[role=grid][aria-rowcount="${skus + 1}"]`).waitFor();
});

scene(on, "what lacks the same is one line, filled in for all of them", unpriced, async (page, host) => {
  const { causes } = await host.call("problem_causes", { limit: 50 });
  assert.ok(causes.length > 0, "nothing is refused");
  const panel = page.getByRole("complementary", { name: m.listings_problems() });
  await reads(panel.getByRole("button", { expanded: true }), "3");
  await panel.getByRole("textbox").fill("cheap");
  await panel.getByRole("button", { name: m.listings_fill({ count: "3" }) }).click();
  await reads(panel.getByRole("alert"), m.listings_not_a_number());
  await panel.getByRole("textbox").fill("19,90");
  await panel.getByRole("button", { name: m.listings_fill({ count: "3" }) }).click();
  await reads(notices(page), m.listings_filled({ count: "3", field: m.products_price() }));
  await until(async () => {
    const { products } = await host.call("products", { search: "BARE", limit: 5 });
    assert.deepEqual(products.map(({ price }) => price?.amount), ["19.90", "19.90", "19.90"]);
  });
});
