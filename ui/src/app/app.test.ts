import { describe, expect, it } from "vitest";

import type { AccountFacts, HomeResponse } from "$src/backend/bindings";

import { findActions, matches, pieces, question } from "./palette";
import { dismiss, notify, said } from "./notices.svelte";
import { bestLocale, plural, setLocale } from "./locale.svelte";
import { parse } from "./preferences.svelte";
import { address, parsePlace } from "./route.svelte";
import { accountLine, completeUpTo, placeCounts } from "./summary.svelte";
import type { Action } from "./actions.svelte";
import { scanned } from "./scan";

describe("addresses", () => {
  it("what is written is read", () => {
    const to = address("products", "A/B 1&2", { q: "sony & co", brand: "Ö|X", empty: "" });
    expect(parsePlace(to)).toEqual({ view: "products", item: "A/B 1&2", params: { q: "sony & co", brand: "Ö|X" } });
  });
  it("what is not known is Home", () => expect(parsePlace("#/nowhere").view).toBe("home"));
  it("nothing is Home", () => expect(parsePlace("")).toEqual({ view: "home", item: null, params: {} }));
});

describe("what the palette is asked", () => {
  it("everything", () => expect(question(" sony ")).toEqual({ text: "sony", products: true, orders: true, actions: true }));
  it("actions", () => expect(question("> undo")).toMatchObject({ text: "undo", products: false, orders: false, actions: true }));
  it("orders", () => expect(question("#14-12")).toMatchObject({ text: "14-12", products: false, orders: true, actions: false }));
  it("nothing yet", () => expect(question("")).toMatchObject({ products: false, orders: false, actions: true }));
});

describe("what the palette finds", () => {
  const action = (id: string, title: string, hidden = false): Action => ({ id, title: () => title, hidden, run: () => undefined });
  const all = [action("a", "Undo"), action("b", "Change price of the chosen ones"), action("c", "Price list"), action("d", "Priceless", true)];
  it("by the beginning of words, those that begin with it first, hidden ones never", () =>
    expect(findActions(all, "pri").map(({ id }) => id)).toEqual(["c", "b"]));
  it("whatever the accents", () => expect([matches("Preço", "preco"), matches("Price list", "li pr"), matches("Price", "x")]).toEqual([true, true, false]));
  it("shows what was hit", () =>
    expect(pieces("Sony (a+b)", "a+b son")).toEqual([{ text: "Son", hit: true }, { text: "y (", hit: false }, { text: "a+b", hit: true }, { text: ")", hit: false }]));
});

it("preferences of another version are read as far as they are known", () => {
  expect(parse('{"theme":"dark","density":"huge","language":"pt-BR","folded":1}')).toEqual({ theme: "dark", language: "pt-BR" });
  expect([parse("{"), parse("null")]).toEqual([{}, {}]);
});

it("the best of our languages", () => {
  expect([bestLocale(["zh-TW"]), bestLocale(["pt-PT", "en"]), bestLocale(["sv"]), bestLocale([])]).toEqual(["zh-TW", "pt-BR", "en", "en"]);
});

it("plurals by the rules of the language", () => {
  const words = (n: number) => plural(n, { one: () => "one", other: () => "other" });
  expect([words(0), words(1), words(2)]).toEqual(["other", "one", "other"]);
  setLocale("zh-TW");
  expect(words(1)).toBe("other");
  setLocale("en");
});

describe("accounts in the side", () => {
  const outbox = { waiting: 0, held: 0, sent: 0, unknown: 0 };
  const account = (change: Partial<AccountFacts>): AccountFacts => ({
    account: "eBay US", marketplace: "ebay", title: "eBay", state: "active", practice: true,
    pulled_at: "2026-11-22T10:00:00Z", pushed_at: null, problem: null, outbox, ...change,
  });
  const problem = { kind: "consent_ended" as const, field: null, reason: "Sign in again.", vendor: null, mend: "connect" as const, set_field: null };
  const now = Date.parse("2026-11-22T10:02:30Z");
  const check = (name: string, change: Partial<AccountFacts>, busy: boolean, expected: object) =>
    it(name, () => expect(accountLine(account(change), now, busy)).toMatchObject(expected));
  check("age", {}, false, { state: null, word: "2m", told: "orders pulled 2 min ago" });
  check("paused", { state: "paused" }, true, { state: "off", word: "paused" });
  check("at work", {}, true, { state: "sent" });
  check("needs a hand", { problem }, false, { state: "needs_you" });
  check("never pulled", { pulled_at: null }, false, { state: null, word: "–", told: "never pulled" });

  it("counts stand only where something is, warm where it waits for a hand", () => {
    const home = {
      skus: 12_418, to_ship: { count: 18, overdue: 0 }, outbox: { ...outbox, held: 62 },
      needs: [{ kind: "problem", count: 41 }, { kind: "held", count: 62 }, { kind: "problem", count: 9 }],
      accounts: [account({}), account({ problem })],
    } as unknown as HomeResponse;
    expect(placeCounts(home)).toEqual({
      products: { n: 12_418, you: false }, orders: { n: 18, you: false }, listings: { n: 50, you: true },
      sync: { n: 62, you: true }, accounts: { n: 1, you: true },
    });
    expect(placeCounts({ ...home, skus: 0, needs: [], accounts: [], outbox, to_ship: { count: 0 } } as unknown as HomeResponse)).toEqual({});
  });

  it("orders are complete up to the oldest pull of the active ones", () => {
    const later = account({ pulled_at: "2026-11-22T10:01:00Z" });
    expect(completeUpTo([later, account({}), account({ state: "paused", pulled_at: null })])).toBe("2026-11-22T10:00:00Z");
    expect([completeUpTo([later, account({ pulled_at: null })]), completeUpTo([])]).toEqual([null, null]);
  });
});

describe("what a scanner read", () => {
  const products = [{ sku: "SAM-1", gtin: "0843591070690" }, { sku: "SAM-2", gtin: null }];
  const orders = [{ account: "eBay US", order_id: "14-12871" }];
  const check = (code: string, expected: object | null, of = products) => it(code, () => expect(scanned(code, orders, of)).toEqual(expected));
  check("843591070690", { view: "products", item: "SAM-1" });
  check("sam-2", { view: "products", item: "SAM-2" });
  check("14-12871", { view: "orders", item: "eBay US/14-12871" });
  check("nothing", null);
  check("shelf", { view: "products", item: "SAM-2" }, [{ sku: "SAM-2", gtin: null }]);
});

it("a newer notice of the same takes the older one's place", () => {
  notify({ text: "12 marked shipped", about: ["eBay/1", "eBay/2"] });
  notify({ text: "Kept" });
  notify({ text: "1 taken back", about: ["eBay/2"] });
  expect(said.notices.map(({ text }) => text)).toEqual(["Kept", "1 taken back"]);
  said.notices.forEach(({ id }) => dismiss(id));
});
