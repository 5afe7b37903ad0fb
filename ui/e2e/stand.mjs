/** What browser tests stand on: the real commands on a folder of their own, and a browser. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { chromium } from "playwright-core";

const BROWSER = process.env.BARROW_CHROMIUM ?? "/usr/bin/chromium";

/** A wait longer than this is a failure: nothing takes a fraction of it on an idle machine. */
export const PATIENCE_MS = 60_000;

export const VIEWS = [
  "home", "products", "orders", "listings", "import", "sync", "accounts", "settings", "guide",
  "start",
];

export const THEMES = ["light", "dark"];

/** A folder of its own below the system's for temporary files; it is gone when this process is. */
export async function freshFolder() {
  const folder = await mkdtemp(join(tmpdir(), "barrow-e2e-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs `barrow-loopback`; `cargo xtask test` says where it is. Answers once it serves. */
export async function serve(given) {
  const program = process.env.BARROW_LOOPBACK;
  if (!program) throw new Error("BARROW_LOOPBACK must say where `barrow-loopback` is");
  const { BARROW_DIST: dist } = process.env;
  const files = dist === undefined ? [] : ["--dist", dist];
  const stdio = ["pipe", "pipe", "inherit"];
  const child = spawn(program, [...given, ...files, "--until-eof"], { stdio });
  const ended = once(child, "exit");
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([once(lines, "line"), ended.then(() => null)]);
  if (first === null) throw new Error("barrow-loopback ended before it was ready");
  const { url, folder, practice } = JSON.parse(first[0]);
  const stop = async () => {
    child.stdin.end();
    await ended;
  };
  return { url: url.replace(/\/$/, ""), folder, control: practice.control, call: calling(url), stop };
}

/** Serves a prepared catalogue: a copy of the one that `npm run e2e` made once, else a new one. */
export async function host(seed) {
  const prepared = seed === "some" ? process.env.BARROW_E2E_SOME : undefined;
  if (prepared === undefined) return serve(["--seed", seed]);
  const folder = await freshFolder();
  await cp(prepared, folder, { recursive: true });
  const served = await serve(["--seed", seed, "--data", folder]);
  const stop = async () => {
    await served.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { ...served, stop };
}

/** What the host holds, asked past the window. */
function calling(url) {
  return async (name, request = {}) => {
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify(request);
    const answer = await fetch(new URL(`/call/${name}`, url), { method: "POST", headers, body });
    const content = await answer.json();
    if (!answer.ok) throw new Error(`${name}: ${JSON.stringify(content)}`);
    return content;
  };
}

export function browse() {
  return chromium.launch({ executablePath: BROWSER, args: ["--no-sandbox"] });
}

/**
 * A page with a theme and a size. What goes wrong in it is kept in `wrong`, what it has asked for
 * and not been given yet in `asked`; `isKept` says that answers are kept back on purpose.
 */
export async function open(browser, { theme = "light", width = 1280, height = 800 } = {}) {
  const context = await browser.newContext({
    viewport: { width, height }, colorScheme: theme, reducedMotion: "reduce",
    locale: "en-US", timezoneId: "UTC", acceptDownloads: false,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const wrong = [];
  page.on("pageerror", (error) => wrong.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" && !isAnswer(message)) wrong.push(message.text());
  });
  const asked = new Asked(page);
  return { page, wrong, asked, isKept: false, close: () => context.close() };
}

/** Refused calls are errors to a browser; the window tells of them in its own words. */
function isAnswer(message) {
  const { url } = message.location();
  return url.includes("/call/") || url.endsWith("/favicon.ico");
}

/** What a page waits for. The stream of events never ends, and is none of it. */
class Asked {
  #open = new Set();
  #waiting = [];

  constructor(page) {
    const over = (request) => {
      this.#open.delete(request);
      if (this.isNothing) this.#waiting.splice(0).forEach((tell) => tell());
    };
    page.on("request", (request) => {
      if (!request.url().endsWith("/events")) this.#open.add(request);
    });
    page.on("requestfinished", over);
    page.on("requestfailed", over);
  }

  /** What is waited for, by name. */
  get names() { return [...this.#open].map((request) => new URL(request.url()).pathname); }

  get isNothing() { return this.#open.size === 0; }

  async nothing() {
    if (this.isNothing) return;
    let late;
    const end = new Promise((_, fail) => {
      late = setTimeout(() => fail(new Error(`still asked for: ${this.names.join(", ")}`)), PATIENCE_MS);
    });
    try {
      await Promise.race([new Promise((tell) => this.#waiting.push(tell)), end]);
    } finally {
      clearTimeout(late);
    }
  }
}

/** Waits until everything that the page asked for is there and drawn; what is kept back is not waited for. */
export async function settled(window) {
  const { page, asked } = window;
  const end = Date.now() + PATIENCE_MS;
  do {
    if (Date.now() > end) throw new Error("the page asks for more and more, and never stops");
    if (!window.isKept) {
      await asked.nothing();
      await page.locator("[aria-busy=true], i.bar").first().waitFor({ state: "detached" });
    }
    await page.evaluate(() => new Promise((drawn) => {
      requestAnimationFrame(() => requestAnimationFrame(drawn));
    }));
  } while (!window.isKept && !asked.isNothing);
}

/** Goes to an address of the window, `products/SKU?tab=stock`, and waits for what is there. */
export async function show(window, served, address) {
  const { page } = window;
  const at = `${served.url}/#/${address}`;
  // A new hash alone loads nothing: the page would be asked before it has moved.
  await page.goto("about:blank");
  await page.goto(at);
  // A folder with nothing in it begins with first start, wherever one goes.
  await page.locator(".start, main.view").first().waitFor();
  await settled(window);
}
