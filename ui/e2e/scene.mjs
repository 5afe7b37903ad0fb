/** How tests of the window are told: a host and a browser for a file, a window for each test. */

import assert from "node:assert/strict";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";

import { browse, freshFolder, host, open, PATIENCE_MS, settled, show } from "./stand.mjs";

/** Starts a host and a browser before the tests of a file, and ends them after. */
export function stage(start = () => host("some")) {
  const on = {};
  before(async () => {
    [on.host, on.browser] = await Promise.all([start(), browse()]);
  });
  after(async () => {
    await on.browser?.close();
    await on.host?.stop();
  });
  return on;
}

/**
 * A test in a window of its own. `address` is a text, or made of what the host holds; the test
 * fails when anything goes wrong in the page, whatever it looks at.
 */
export function scene(on, name, address, run, how = {}) {
  test(name, async () => {
    const window = await open(on.browser, how);
    try {
      await show(window, on.host, typeof address === "string" ? address : await address(on.host));
      await run(window.page, on.host, window);
      // What was pressed last is written before the window goes: the next test shares the host.
      if (!window.isKept) await Promise.race([window.asked.nothing(), pause(5_000, undefined, { ref: false })]);
      assert.deepEqual(window.wrong, []);
    } finally {
      await window.close();
    }
  });
}

/**
 * Asks again until what is claimed holds. The window shows what a person did before the host has
 * written it, and an address changes after the page: what is true soon is true.
 */
export async function until(claim) {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await claim();
    } catch (error) {
      if (!(error instanceof assert.AssertionError) || Date.now() > end) throw error;
      await pause(50);
    }
  }
}

/** Waits until a part of the page has the text. */
export async function reads(locator, hasText) {
  await locator.filter({ hasText }).first().waitFor();
}

/** Waits until nothing of it is seen any more. */
export async function gone(locator) {
  await locator.first().waitFor({ state: "hidden" });
}

/** Goes to a field by its key: a single sign waits in the page as long as a scanner would, and what
 *  is typed before the field has the focus would be taken for more of it. */
export async function byKey(page, key, field) {
  await page.keyboard.press(key);
  await field.and(page.locator(":focus")).waitFor();
  return field;
}

/** A row of a grid by a text in it. */
export function row(page, text) {
  return page.getByRole("grid").getByRole("row").filter({ hasText: text });
}

/** The cell of a row below a head. */
export async function cell(page, text, head) {
  const heads = page.getByRole("grid").getByRole("columnheader");
  const at = heads.filter({ hasText: head }).first();
  const column = await at.getAttribute("aria-colindex");
  return row(page, text).locator(`[aria-colindex="${column}"]`);
}

/** Brings products into the catalogue: a file of them, applied. */
export async function bring(served, ...lines) {
  const folder = await freshFolder();
  const file = join(folder, "products.csv");
  await writeFile(file, `${lines.join("\n")}\n`);
  const { summary } = await served.call("import", { file });
  await rm(folder, { recursive: true });
  return summary;
}

/** Tells the practice marketplaces something: a fault, an order, that time passes. */
export async function practice(served, path, body) {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(new URL(path, served.control), { method: "POST", headers, body: JSON.stringify(body) });
  assert.ok(answer.ok, `${path}: ${answer.status}`);
  return answer.json();
}

/** Answers what the browser asks for in a box of its own: where a file is, or is to be. */
export function answerWith(page, text) {
  page.once("dialog", (dialog) => dialog.accept(text));
}

/** How long a hand holds a key: a scanner is faster, and is known by it. */
const HELD_MS = 50;

/** Presses keys one after the other as a hand does, and waits for what they bring. */
export async function press(window, ...keys) {
  for (const key of keys) await window.page.keyboard.press(key, { delay: HELD_MS });
  await settled(window);
}

/** Signs as fast as a scanner writes them, to whatever has the focus, also where the machine is slow. */
export function scan(page, text) {
  return page.evaluate((code) => {
    const began = performance.now();
    for (const [place, key] of [...code, "Enter"].entries()) {
      const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
      Object.defineProperty(event, "timeStamp", { value: began + place });
      (document.activeElement ?? document.body).dispatchEvent(event);
    }
  }, text);
}
