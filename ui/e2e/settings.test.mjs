/** Settings and the guide: language, looks, sync by itself; pages that are read and searched. */

import assert from "node:assert/strict";

import { gone, reads, scene, stage, until } from "./scene.mjs";
import { m } from "./words.mjs";

const on = stage();

const group = (page, name) => page.getByRole("group", { name });
const look = (page) => page.evaluate(() => {
  const { dataset, lang } = document.documentElement;
  return { theme: dataset.theme ?? "system", density: dataset.density, lang };
});

scene(on, "another language is spoken at once, everywhere, and kept", "settings", async (page, host) => {
  await page.getByRole("combobox", { name: m.settings_language() }).click();
  await page.getByRole("option", { name: "繁體中文" }).click();
  const zh = { locale: "zh-TW" };
  await page.getByRole("heading", { name: m.frame_settings({}, zh), level: 1 }).waitFor();
  await page.getByRole("navigation", { name: m.frame_places({}, zh) }).locator("a[href='#/orders']").click();
  await page.getByRole("columnheader", { name: m.orders_ship_by({}, zh) }).waitFor();
  await until(async () => assert.equal((await look(page)).lang, "zh-TW"));
  await until(async () => assert.equal((await host.call("settings")).language, "zh-TW"));
  await page.reload();
  await page.getByRole("columnheader", { name: m.orders_ship_by({}, zh) }).waitFor();
  await page.keyboard.press("Control+,");
  await page.getByRole("combobox", { name: m.settings_language({}, zh) }).click();
  await page.getByRole("option", { name: "English" }).click();
  await page.getByRole("heading", { name: m.frame_settings(), level: 1 }).waitFor();
  await until(async () => assert.equal((await host.call("settings")).language, "en"));
});

scene(on, "a theme is chosen against the system's, and kept", "settings", async (page, host) => {
  const ground = () => page.evaluate(() => getComputedStyle(document.querySelector("main")).backgroundColor);
  const light = await ground();
  await group(page, m.settings_theme()).getByRole("button", { name: m.settings_theme_dark() }).click();
  await page.locator("html[data-theme=dark]").waitFor();
  await until(async () => assert.notEqual(await ground(), light));
  await page.reload();
  await page.locator("html[data-theme=dark]").waitFor();
  await until(async () => assert.equal((await host.call("settings")).theme, "dark"));
  await group(page, m.settings_theme()).getByRole("button", { name: m.settings_theme_system() }).click();
  await page.locator("html:not([data-theme])").waitFor();
});

scene(on, "rows come closer, and stay so in the lists", "settings", async (page) => {
  const row = () => page.evaluate(() => {
    const probe = document.createElement("div");
    probe.className = "e2e-row";
    document.body.append(probe);
    const height = getComputedStyle(document.documentElement).getPropertyValue("--row");
    probe.remove();
    return parseFloat(height);
  });
  const regular = await row();
  await group(page, m.settings_density()).getByRole("button", { name: m.settings_density_close() }).click();
  await page.locator("html[data-density=close]").waitFor();
  await until(async () => assert.ok(await row() < regular));
  await page.getByRole("link", { name: m.frame_products() }).click();
  await page.getByRole("grid").waitFor();
  await until(async () => assert.equal((await look(page)).density, "close"));
  await page.keyboard.press("Control+,");
  await group(page, m.settings_density()).getByRole("button", { name: m.settings_density_regular() }).click();
  await page.locator("html[data-density=regular]").waitFor();
});

scene(on, "syncing by itself is set, and says when the next one is", "settings", async (page, host) => {
  await page.getByRole("combobox", { name: m.settings_sync_itself() }).click();
  await page.getByRole("option", { name: m.settings_sync_minutes({ count: "30" }) }).click();
  await page.getByText(/^The next one at \d\d:\d\d/).waitFor();
  await until(async () => assert.equal((await host.call("settings")).sync_minutes, 30));
  await page.getByRole("combobox", { name: m.settings_sync_itself() }).click();
  await page.getByRole("option", { name: m.settings_sync_never() }).click();
  await page.getByText(m.settings_sync_off_note({ keys: "Ctrl Shift S" })).waitFor();
  await until(async () => assert.equal((await host.call("settings")).sync_minutes, null));
});

scene(on, "a buyer is erased after it was said what is lost, and nobody is left to erase", "settings", async (page, host) => {
  const { orders } = await host.call("orders", { state: "to_ship", limit: 100 });
  const { account, order_id } = orders.find(({ marketplace }) => marketplace === "newegg");
  const order = `${account}/${order_id}`;
  const before = await host.call("order_detail", { order });
  assert.ok(before.order.ship_to !== null && before.erased_at === null);
  const people = page.getByRole("region", { name: m.settings_people() });
  const number = people.getByRole("textbox", { name: m.settings_people_order() });
  const ask = async (text) => {
    await number.fill(text);
    await number.press("Enter");
  };
  await ask("nobody/000");
  await people.locator("[aria-invalid=true]").waitFor();
  await ask(order);
  await reads(people, m.settings_people_to_ship());
  await people.getByRole("button", { name: m.settings_people_keep() }).and(page.locator(":focus")).click();
  await until(async () => assert.equal((await host.call("order_detail", { order })).erased_at, null));
  await ask(order);
  await people.getByRole("button", { name: m.settings_people_erase() }).click();
  await reads(people, m.settings_people_erased({ order }));
  await until(async () => assert.ok((await host.call("order_detail", { order })).erased_at !== null));
  const after = await host.call("order_detail", { order });
  const { name } = before.order.ship_to;
  assert.ok(name && !JSON.stringify(after).includes(name));
  await ask(order);
  await reads(people, m.settings_people_gone({ order }));
});

scene(on, "the guide opens with F1, its pages are read and searched", "orders", async (page) => {
  await page.keyboard.press("F1");
  const pages = page.getByRole("navigation", { name: m.guide_pages() });
  const links = pages.locator("a");
  await links.first().waitFor();
  const count = await links.count();
  assert.ok(count > 3);
  const title = (await links.nth(2).innerText()).trim();
  await links.nth(2).click();
  await page.getByRole("article", { name: title }).getByRole("heading", { name: title }).waitFor();
  const search = pages.getByRole("textbox", { name: m.guide_search() });
  await search.fill("nothing-is-called-so");
  await reads(pages, m.guide_nothing({ text: "nothing-is-called-so" }));
  await pages.getByRole("button", { name: m.guide_all() }).click();
  await gone(pages.getByText(m.guide_nothing({ text: "nothing-is-called-so" })));
  await until(async () => assert.equal(await pages.locator("a").count(), count));
});
