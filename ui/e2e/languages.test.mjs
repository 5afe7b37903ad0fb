/** Languages: every view speaks the chosen one. No key is shown, and no English is left over. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after } from "node:test";

import { scene, stage } from "./scene.mjs";
import { show, VIEWS } from "./stand.mjs";
import { STATES } from "./states.mjs";

const on = stage();

const words = (locale) => JSON.parse(readFileSync(new URL(`../messages/${locale}.json`, import.meta.url), "utf8"));
const ENGLISH = words("en");
const KEYS = new Set(Object.keys(ENGLISH));

/** Names that are the same in every language, and units. */
const NAMES = /\b(Barrow|eBay|Amazon|Walmart|Newegg|practice|Practice|SKUs?|ASIN|GTIN|CSV|TSV|TXT|JSON|UTF-8|USD|USPS|UPS|FedEx|OnTrac|DHL|Shopify|WooCommerce|Ctrl|Esc|Enter|Shift|Alt|Tab|Home|End|Del|PgUp|PgDn|Cmd|English|https?|MB|kB|min|h|s|d|m)\b/g;

/** What is seen and read out: texts, names, tips. */
function texts(page) {
  return page.evaluate(() => {
    const found = new Set();
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      const { parentElement: at, data: piece } = walk.currentNode;
      // A text that may be broken where the page says is still one text.
      const data = at.querySelector(":scope > wbr") === null ? piece : at.textContent;
      // The pages of the guide are texts of their own.
      const own = at.closest("script, style, kbd, [lang]:not(html), .guide :is(article, nav ul)") !== null;
      if (!own && data.trim() !== "") found.add(data.trim());
    }
    for (const one of document.querySelectorAll(":is([aria-label], [title], [placeholder]):not(article)")) {
      for (const name of ["aria-label", "title", "placeholder"]) {
        const text = one.getAttribute(name)?.trim();
        if (text) found.add(text);
      }
    }
    return [...found];
  });
}

/** Everything that the host told: names of products, accounts and buyers are as they are. */
function listen(page, told) {
  const taken = [];
  const hear = async (response) => {
    const content = await response.json().catch(() => null);
    const take = (value) => {
      if (typeof value === "string") told.add(value);
      else if (value !== null && typeof value === "object") Object.entries(value).forEach(([key, one]) => { told.add(key); take(one); });
    };
    take(content);
  };
  page.on("response", (response) => {
    if (response.url().includes("/call/")) taken.push(hear(response));
  });
  return () => Promise.all(taken);
}

/** A message with parameters, as what it may look like. */
function pattern(text) {
  const escaped = text.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{[a-z_0-9]+\}/g, ".+");
  return new RegExp(`^${escaped}$`);
}

function leftovers(shown, told, locale) {
  const there = words(locale);
  const english = Object.entries(ENGLISH).filter(([key, text]) => typeof text === "string" && there[key] !== text);
  const whole = new Map(english.filter(([, text]) => !text.includes("{")).map(([key, text]) => [text, key]));
  const formed = english.filter(([, text]) => /\{/.test(text) && /[A-Za-z]{4}/.test(text.replace(/\{.*?\}/g, "")));
  const forms = formed.map(([key, text]) => [pattern(text), key]);
  const translated = new Set(Object.values(there));
  const data = [...told].filter((text) => text.length > 2).sort((a, b) => b.length - a.length);
  const known = (text) => told.has(text) || translated.has(text);
  const found = [];
  for (const text of shown) {
    if (KEYS.has(text) && text.includes("_")) found.push(`key: ${text}`);
    else if (known(text)) continue;
    else if (whole.has(text)) found.push(`${whole.get(text)}: ${text}`);
    else {
      const form = forms.find(([one]) => one.test(text));
      if (form !== undefined && !data.some((one) => one.includes(text))) found.push(`${form[1]}: ${text}`);
      else if (locale === "zh-TW" && isLatin(text, data)) found.push(`no message: ${text}`);
    }
  }
  return found;
}

/** Words in Latin letters that neither the host nor a name brings. */
function isLatin(text, data) {
  if (/[\u3000-\u9fff]/.test(text)) return false;
  // Paths, files and addresses are as they are.
  let rest = text.replace(/\S*[/.]\S+/g, " ");
  for (const one of data) if (rest.includes(one)) rest = rest.replaceAll(one, " ");
  return /[A-Za-z]{3,}/.test(rest.replace(NAMES, " "));
}

for (const locale of ["pt-BR", "zh-TW"]) {
  const speak = async (host, address) => {
    await host.call("settings_set", { language: locale });
    return address;
  };

  for (const view of VIEWS) {
    scene(on, `${locale}, ${view}: speaks it whole`, (host) => speak(host, "guide"), async (page, host, window) => {
      const told = new Set();
      const heard = listen(page, told);
      await show(window, host, view);
      await page.locator(`html[lang="${locale}"]`).waitFor();
      const shown = await texts(page);
      assert.ok(shown.length > 10);
      await heard();
      assert.deepEqual(leftovers(shown, told, locale), []);
    });
  }

  // What is read says nothing; a whole view that is read is enough.
  for (const { view, name, open } of STATES.filter(({ name }) => !name.endsWith("-slow"))) {
    scene(on, `${locale}, ${view}, ${name}: speaks it whole`, (host) => speak(host, "guide"), async (page, host, window) => {
      const told = new Set();
      const heard = listen(page, told);
      await open(window, host);
      // What failed is named as the address names it.
      for (const part of decodeURIComponent(new URL(page.url()).hash).split(/[#/?&=]/)) told.add(part);
      const shown = await texts(page);
      await heard();
      assert.deepEqual(leftovers(shown, told, locale), []);
    });
  }
}

/** What a field asks for and has no room for. */
function cutPlaceholders() {
  const fields = [...document.querySelectorAll(":placeholder-shown")].filter((one) => one.checkVisibility());
  return fields.flatMap((one) => {
    one.value = one.placeholder;
    const isCut = one.scrollWidth > one.clientWidth;
    one.value = "";
    return isCut ? [one.placeholder] : [];
  });
}

async function fieldsOf(host) {
  const { products: [{ sku }] } = await host.call("products", { limit: 1 });
  const { orders: [{ account, order_id }] } = await host.call("orders", { state: "to_ship", limit: 1 });
  const tabs = ["details", "images", "stock", "listings"].map((tab) => `products/${encodeURIComponent(sku)}?tab=${tab}`);
  const order = `orders/${encodeURIComponent(`${account}/${order_id}`)}`;
  return ["listings", "sync", "sync?tab=receipts", "import", "guide", order, ...tabs];
}

for (const locale of ["en", "pt-BR", "zh-TW"]) {
  const there = words(locale);

  scene(on, `${locale}: what a field asks for is read whole in a small window`, async (host) => {
    await host.call("settings_set", { language: locale });
    return "guide";
  }, async (page, host, window) => {
    for (const address of await fieldsOf(host)) {
      await show(window, host, address);
      await page.locator(`html[lang="${locale}"]`).waitFor();
      assert.deepEqual(await page.evaluate(cutPlaceholders), [], address);
      const tabs = page.locator("header .tabs");
      if (await tabs.count() > 0) assert.ok(await tabs.evaluate((one) => one.scrollWidth <= one.clientWidth + 1), `${address}: all tabs`);
    }
  });

  scene(on, `${locale}: every limit and setting of a marketplace has its words`, async (host) => {
    await host.call("settings_set", { language: locale });
    return "accounts";
  }, async (page, host) => {
    const { marketplaces } = await host.call("marketplaces", { locale });
    for (const { marketplace, fields } of marketplaces) {
      for (const { key, label, help } of fields) {
        const name = `setting_${marketplace}_${key}`;
        assert.deepEqual([label, help], [there[name], there[`${name}_help`]], name);
      }
    }
    const { accounts } = await host.call("account_limits", { locale });
    const limits = accounts.flatMap(({ marketplace, limits: its }) => its.map((limit) => ({ marketplace, ...limit })));
    for (const { marketplace, name, title } of limits) assert.equal(title, there[`limit_${marketplace}_${name}`], name);
    for (const { title } of limits.slice(0, 3)) await page.getByText(title).first().waitFor();
  });
}

after(() => on.host?.call("settings_set", { language: "" }).catch(() => undefined));
