import { describe, expect, it } from "vitest";

import type { AccountView } from "$src/backend/bindings";

import { findActions, matches, pieces, question } from "./palette";
import { bestLocale, plural, setLocale } from "./locale.svelte";
import { parse } from "./preferences.svelte";
import { address, parsePlace } from "./route.svelte";
import { accountLine, completeUpTo } from "./summary.svelte";
import type { Action } from "./actions.svelte";

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
  expect(parse('{"theme":"dark","density":"huge","locale":"pt-BR","folded":1}')).toEqual({ theme: "dark", locale: "pt-BR" });
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
  const account = (change: Partial<AccountView>): AccountView => ({
    name: "eBay US", marketplace: "ebay", title: "eBay", endpoint: "practice", settings: {}, secrets: {}, rules: null,
    state: "active", pulled_at: "2026-11-22T10:00:00Z", listings: {}, revision: 1, ...change,
  } as AccountView);
  const now = Date.parse("2026-11-22T10:02:30Z");
  const check = (name: string, change: Partial<AccountView>, busy: boolean, expected: object) =>
    it(name, () => expect(accountLine(account(change), now, busy)).toMatchObject(expected));
  check("age", {}, false, { state: null, word: "2 min" });
  check("paused", { state: "paused" }, true, { state: "off", word: "paused" });
  check("at work", {}, true, { state: "sent" });
  check("never pulled", { pulled_at: null }, false, { state: null, word: "never pulled" });

  it("orders are complete up to the oldest pull of the active ones", () => {
    const later = account({ pulled_at: "2026-11-22T10:01:00Z" });
    expect(completeUpTo([later, account({}), account({ state: "paused", pulled_at: null })])).toBe("2026-11-22T10:00:00Z");
    expect([completeUpTo([later, account({ pulled_at: null })]), completeUpTo([])]).toEqual([null, null]);
  });
});
