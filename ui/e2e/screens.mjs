/**
 * Pictures of every view: both themes, nothing, some and very much in it, two sizes; and of what
 * opens in them. `npm run screens -- --out FOLDER [--only VIEW] [--data FOLDER]
 * [--products N] [--orders N]`
 *
 * `--data` keeps the large catalogue there, so that it is filled once.
 */

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { browse, host, open, serve, show, THEMES, VIEWS } from "./stand.mjs";
import { STATES } from "./states.mjs";

const SIZES = [{ width: 1280, height: 800 }, { width: 1920, height: 1080 }];

const { values: given } = parseArgs({
  options: {
    out: { type: "string" },
    only: { type: "string" },
    data: { type: "string" },
    products: { type: "string", default: "200000" },
    orders: { type: "string", default: "20000" },
  },
});
if (given.out === undefined) throw new Error("--out says which folder the pictures go into");
if (given.only !== undefined && !VIEWS.includes(given.only)) {
  throw new Error(`${given.only} is no view; there are: ${VIEWS.join(", ")}`);
}
const views = VIEWS.filter((view) => given.only === undefined || view === given.only);

function many() {
  const size = ["--products", given.products, "--orders", given.orders];
  const data = given.data === undefined ? [] : ["--data", given.data];
  return serve(["--seed", "many", ...size, ...data]);
}

async function picture({ page }, name) {
  const path = join(given.out, `${name}.png`);
  await page.screenshot({ path, animations: "disabled", caret: "hide" });
  process.stdout.write(`${path}\n`);
}

/** Each theme and size of something, in a window of its own. */
async function each(browser, take) {
  for (const theme of THEMES) {
    for (const size of SIZES) {
      const window = await open(browser, { theme, ...size });
      await take(window, theme, `${size.width}x${size.height}`);
      for (const wrong of window.wrong) process.stderr.write(`${wrong}\n`);
      await window.close();
    }
  }
}

async function amount(browser, name, start) {
  const served = await start();
  try {
    if (name === "empty" && views.includes("home")) await emptyHome(browser, served);
    const shown = name === "empty" ? views.filter((view) => view !== "home") : views;
    await each(browser, async (window, theme, size) => {
      for (const view of shown) {
        await show(window, served, view);
        await picture(window, `${view}-${theme}-${name}-${size}`);
      }
    });
    if (name === "some") await states(browser, served);
  } finally {
    await served.stop();
  }
}

/** With nothing at all, Home is first start. What it is with accounts and no order is shown. */
async function emptyHome(browser) {
  const served = await serve(["--seed", "empty"]);
  await served.call("practice_start", {});
  await each(browser, async (window, theme, size) => {
    await show(window, served, "home");
    await picture(window, `home-${theme}-empty-${size}`);
  });
  await served.stop();
}

async function states(browser, served) {
  for (const state of STATES.filter(({ view }) => views.includes(view))) {
    await each(browser, async (window, theme, size) => {
      await state.open(window, served);
      await picture(window, `${state.view}.${state.name}-${theme}-some-${size}`);
    });
  }
}

await mkdir(given.out, { recursive: true });
const browser = await browse();
try {
  await amount(browser, "empty", () => serve(["--seed", "empty"]));
  await amount(browser, "some", () => host("some"));
  await amount(browser, "many", many);
} finally {
  await browser.close();
}
