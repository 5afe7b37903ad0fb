/** The keyboard: every place by Tab with a focus that is seen, the keys of the design, the palette. */

import assert from "node:assert/strict";

import { gone, press, reads, scene, stage, until } from "./scene.mjs";
import { settled, show, VIEWS } from "./stand.mjs";
import { m } from "./words.mjs";

const on = stage();

/** What has the focus: its name, and whether that is seen. */
function focus(page) {
  return page.evaluate(() => {
    const at = document.activeElement;
    const ringed = (one) => {
      if (one === null) return false;
      const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(one);
      return outlineStyle !== "none" && outlineWidth !== "0px" && !/, 0\)$/.test(outlineColor);
    };
    // A field's frame may be that of what holds its input; a list shows the cell that it is at.
    const cell = document.getElementById(at.getAttribute("aria-activedescendant") ?? "");
    const head = at.matches("[data-grid]") ? getComputedStyle(at.querySelector(".top")).boxShadow : "none";
    const shown = [at, at.closest(".field"), cell].some(ringed) || head !== "none";
    const { width, height } = at.getBoundingClientRect();
    const name = at.getAttribute("aria-label") ?? at.textContent.trim().slice(0, 60);
    return { tag: at.tagName, href: at.getAttribute("href"), name, shown, seen: width > 0 && height > 0 };
  });
}

for (const view of VIEWS) {
  scene(on, `${view}: Tab goes through all of it, and each step is seen`, view, async (page) => {
    const places = new Set();
    let steps = 0;
    for (; steps < 250; steps += 1) {
      await page.keyboard.press("Tab");
      const at = await focus(page);
      if (at.tag === "BODY" || at.tag === "HTML") break;
      assert.ok(at.shown && at.seen, `the focus on ${at.tag} “${at.name}” is not seen`);
      if (at.href !== null) places.add(at.href.replace(/^#\//, ""));
    }
    assert.ok(steps > 3 && steps < 250, `${steps} steps`);
    if (view === "start") return;
    for (const place of VIEWS.filter((one) => one !== "start")) assert.ok(places.has(place), place);
  });
}

scene(on, "G and a letter goes to each place", "guide", async (page, host, window) => {
  const places = { h: "home", p: "products", o: "orders", l: "listings", i: "import", s: "sync", a: "accounts" };
  for (const [key, place] of Object.entries(places)) {
    await press(window, "g", key);
    await page.waitForURL((url) => url.hash === `#/${place}`);
  }
  await press(window, "Control+,");
  await page.waitForURL((url) => url.hash === "#/settings");
});

scene(on, "the palette finds places, actions and products, and gives the focus back", "products", async (page, host, window) => {
  const grid = page.getByRole("grid");
  await grid.focus();
  await press(window, "Control+k");
  const palette = page.getByRole("dialog", { name: m.frame_find() });
  const ask = palette.getByRole("combobox");
  await ask.fill("accou");
  await palette.getByRole("option", { name: m.frame_accounts() }).first().waitFor();
  await page.keyboard.press("Escape");
  await gone(palette);
  await page.locator("[role=grid]:focus").waitFor();
  const { products } = await host.call("products", { limit: 30 });
  const { sku, title } = products.find(({ kind }) => kind === "variant");
  await press(window, "Control+k");
  await ask.fill(sku);
  await palette.getByRole("option", { name: title }).first().waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.hash.startsWith(`#/products/${encodeURIComponent(sku)}`));
  await press(window, "Control+k");
  await ask.fill(`> ${m.look_theme_dark()}`);
  await palette.getByRole("option", { name: m.look_theme_dark() }).waitFor();
  await page.keyboard.press("Enter");
  await page.locator("html[data-theme=dark]").waitFor();
  await host.call("settings_set", { theme: "system" });
});

scene(on, "F6 walks the regions, and comes back to the first", "products", async (page, host, window) => {
  const region = () => page.evaluate(() => document.activeElement.closest("[data-region]")?.dataset.region ?? null);
  const walked = [];
  for (let step = 0; step < 4; step += 1) {
    await press(window, "F6");
    walked.push(await region());
  }
  assert.ok(["side", "list"].every((name) => walked.includes(name)), walked.join(" "));
  await press(window, "Shift+F6");
  await until(async () => assert.equal(await region(), walked.at(-2)));
});

scene(on, "arrows, Home, End and pages move in a list of one tab stop", "products", async (page, host, window) => {
  const { skus } = await host.call("products_count");
  const at = (row) => reads(page.getByRole("contentinfo"), m.products_row_of({ row: String(row), total: String(skus) }));
  await page.getByRole("grid").focus();
  await press(window, "Control+End");
  await at(skus);
  await press(window, "Control+Home");
  await at(1);
  await press(window, "ArrowDown", "ArrowDown", "ArrowUp");
  await at(2);
  await press(window, "PageDown", "PageUp");
  await at(2);
});

scene(on, "X and Shift with arrows choose rows; Escape goes back one step at a time", "products", async (page, host, window) => {
  await page.getByRole("grid").focus();
  await press(window, "x", "Shift+ArrowDown", "Shift+ArrowDown");
  const bar = page.getByRole("toolbar");
  await reads(bar, /^3 /);
  await press(window, "Space");
  const panel = page.getByRole("complementary");
  await panel.first().waitFor();
  await press(window, "Escape");
  await gone(bar);
  await press(window, "Escape");
  await gone(panel);
});

scene(on, "a block is copied from cells and pasted into others", "products", async (page, host, window) => {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const { products } = await host.call("products", { limit: 30 });
  const lines = products.map(({ sku, kind, price }) => ({ sku, kind, price }));
  const from = lines.findIndex(({ kind }, n) => kind === "variant" && lines[n + 1]?.kind === "variant" && lines[n].price.amount !== lines[n + 1].price.amount);
  await page.getByRole("grid").locator(`[data-line="${from}"] [data-cell="2"]`).click();
  await press(window, "Control+c", "ArrowDown", "Control+v");
  await reads(page.getByRole("grid").locator(`[data-line="${from + 1}"]`), lines[from].price.amount);
  await settled(window);
  await until(async () => {
    const after = (await host.call("products", { limit: 30 })).products[from + 1];
    assert.equal(after.price.amount, lines[from].price.amount);
  });
});

scene(on, "Ctrl Z and Ctrl Shift Z undo and redo from anywhere", "guide", async (page, host, window) => {
  const { products } = await host.call("products", { limit: 30 });
  const { sku, on_hand } = products.filter(({ kind }) => kind === "variant")[9];
  const now = async () => (await host.call("products", { limit: 30 })).products.find((one) => one.sku === sku).on_hand;
  await show(window, host, `products/${sku}?tab=details`);
  await host.call("set", { sku, fields: { quantity: String(on_hand + 1) } });
  const said = page.getByRole("region", { name: m.frame_notices() });
  await press(window, "Control+z");
  await reads(said, m.frame_undone({ what: sku }));
  await until(async () => assert.equal(await now(), on_hand));
  await press(window, "Control+Shift+z");
  await reads(said, m.frame_redone({ what: sku }));
  await until(async () => assert.equal(await now(), on_hand + 1));
});

scene(on, "the side folds to icons that keep their names", "home", async (page, host, window) => {
  const side = page.getByRole("navigation", { name: m.frame_places() });
  const wide = (await side.boundingBox()).width;
  await press(window, "Control+\\");
  await page.locator(".window.folded").waitFor();
  await until(async () => assert.ok((await side.boundingBox()).width < wide / 2));
  await side.getByRole("link", { name: m.frame_orders() }).click();
  await page.waitForURL(/#\/orders/);
});
