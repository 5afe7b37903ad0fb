import { describe, expect, it } from "vitest";

import type { CauseView, ListingCell, ListingCountsResponse } from "$src/backend/bindings";
import { changedBy, chosenOf, placesOf } from "$src/parts/many";
import { fieldName, mendPlace } from "$src/parts/mending";
import { turnRequest } from "$src/parts/turning";

import { causesAt, countOf, fillRequest, openCause, wayOf, wordsOf, type Way } from "./causes";
import { cellAt, cellsAt, cellText, signOf, siteNote, titleOf } from "./cells";
import { filterKinds } from "./filters";
import { filterOf, isNarrowed, listingFilter, questionOf, tabOf, type Params } from "./question";
import { tabList } from "./tabs";

const usd = (amount: string) => ({ amount, currency: "USD" });
const cell = (change: Partial<ListingCell> = {}): ListingCell => ({
  id: 1, account: "eBay", site: "EBAY_US", state: "live", listing_state: "live", price: usd("12.50"), quantity: 4,
  wanted_price: usd("13.00"), wanted_quantity: 5, seen: true, problem: null, ...change,
});
const cause = (change: Partial<CauseView> = {}): CauseView => ({
  cause: "brand_missing", count: 5, accounts: [{ account: "Walmart", marketplace: "walmart", count: 4 }, { account: "eBay", marketplace: "ebay", count: 1 }],
  problem: { kind: "brand_missing", field: "brand", reason: "The brand is missing. Fill it in.", vendor: null, mend: "set_field", set_field: "brand" },
  params: {}, skus: ["A", "B"], mend: "set_field", field: "brand", ...change,
});

describe("what the address asks for", () => {
  const check = (params: Params, open: string | null, expected: object | null) =>
    it(JSON.stringify(params), () => {
      const filter = listingFilter(params, open);
      if (expected === null) expect(filter).toBeNull();
      else expect(filter).toMatchObject(expected);
    });
  check({}, null, null);
  check({ tab: "refused" }, null, { state: "refused", account: null, listed: null });
  check({ tab: "refused", state: "live" }, null, { state: "refused" });
  check({ state: "pending", account: "eBay" }, null, { state: "pending", account: "eBay" });
  check({ state: "not_listed", account: "eBay" }, null, { listed: false, state: null, account: "eBay" });
  check({ account: "eBay" }, null, { listed: true, account: "eBay" });
  check({ state: "odd" }, null, null);
  check({ tab: "problems", cause: "x", account: "eBay" }, "x", { cause: "x", account: "eBay", state: null, listed: null });
  check({ tab: "problems" }, null, null);

  it("without a cause the problems are none", () =>
    expect([questionOf({ tab: "problems" }, null), questionOf({ tab: "problems" }, "x")?.filter.listing?.cause]).toEqual([null, "x"]));
  it("an unknown tab is all", () => expect(tabOf({ tab: "colour" })).toBe("all"));
  it("search narrows", () =>
    expect([isNarrowed(questionOf({ q: " " }, null)), isNarrowed(questionOf({ q: "sony" }, null))]).toEqual([false, true]));
  it("a tab that says the state takes its filter away", () =>
    expect([filterKinds(["eBay"], true).map(({ id }) => id), filterKinds([], false).map(({ id }) => id)]).toEqual([["account"], ["state"]]));
});

describe("a cell", () => {
  it("live has price and quantity there", () => expect(signOf(cell())).toMatchObject({ price: "12.50", quantity: "4", worded: false }));
  it("pending has what is wanted", () => expect(signOf(cell({ state: "pending" }))).toMatchObject({ price: "13.00", quantity: null, worded: true }));
  it("paused is told from ended", () =>
    expect([signOf(cell({ state: "off", listing_state: "paused" })).icon, signOf(cell({ state: "off", listing_state: "ended" })).icon]).toEqual(["state-paused", undefined]));
  it("off has no price", () => expect(signOf(cell({ state: "off" })).price).toBeNull());
  it("of several sites the one that asks for a hand", () =>
    expect(cellAt({ cells: [cell(), cell({ id: 2, state: "refused", site: "EBAY_GB" }), cell({ id: 3, account: "Walmart", state: "needs_you" })] }, "eBay")?.id).toBe(2));
  it("several sites are told", () => {
    const several = { cells: [cell(), cell({ id: 2, state: "refused", site: "EBAY_GB" })] };
    expect([siteNote(cellsAt(several, "eBay")), siteNote([cell()]), siteNote([])]).toEqual(["GB +1", null, null]);
  });
  it("none where it is not listed", () => expect(cellAt({ cells: [cell()] }, "Walmart")).toBeNull());
  it("is read out with its word", () => expect([cellText(cell()), cellText(null)]).toEqual(["live 12.50 4", "not listed"]));
  it("a variant is told by its options", () =>
    expect(titleOf({ title: "Shirt", options: [{ name: "Size", value: "M" }, { name: "Colour", value: "" }] })).toBe("Shirt, M"));
});

describe("what mends a cause", () => {
  const check = (what: string, change: Partial<CauseView>, account: string | null, expected: Partial<Way>) =>
    it(what, () => expect(wayOf(cause(change), account)).toMatchObject(expected));
  check("one value for all", {}, null, { kind: "fill", field: "brand" });
  check("barcodes are each one's own", { field: "gtin" }, null, { kind: "go", view: "products", item: "A" });
  check("a barcode of the only one", { field: "gtin" }, "eBay", { kind: "fill", field: "gtin" });
  check("a category of several accounts is chosen at the product", { mend: "set_category", field: null }, null, { kind: "go", view: "products" });
  check("a category at one account is one for all", { mend: "set_category", field: null }, "Walmart", { kind: "category", account: "Walmart" });
  check("stock is counted at the product", { mend: "set_stock", field: null }, null, { kind: "go", view: "products", item: "A", params: { tab: "stock" } });
  check("what only the marketplace can do is looked at here", { mend: "at_marketplace", field: null }, null, { kind: "go", view: "products" });
  check("keys", { mend: "connect", field: null }, "eBay", { kind: "go", view: "accounts", item: "eBay", params: { tab: "keys" } });
  check("settings of several accounts", { mend: "set_account", field: null }, null, { kind: "go", view: "accounts", item: null });
  check("what is held", { mend: "answer", field: null }, null, { kind: "go", view: "sync", params: { tab: "held" } });
  check("time", { mend: "wait", field: null }, null, { kind: "retry" });
  check("nothing to open", { mend: "at_marketplace", field: null, skus: [] }, null, { kind: "retry" });

  it("is filled in for all of the cause there", () =>
    expect(fillRequest(cause(), "Walmart", "brand", " Bose ")).toMatchObject({
      all: true, edits: [{ field: "brand", how: "set", value: "Bose" }],
      filter: { listing: { account: "Walmart", cause: "brand_missing" } },
    }));
  it("what one account lacks is mended there", () => {
    expect(mendPlace("connect", { account: "eBay" })).toMatchObject({ view: "accounts", item: "eBay", params: { tab: "keys" } });
    expect(mendPlace("open_listing", { account: "eBay", sku: "A", listing: 7 })).toMatchObject({ view: "products", item: "A", params: { tab: "listings", listing_tab: "7" } });
    expect(mendPlace("set_field", { account: "eBay" })).toBeNull();
    expect(mendPlace("wait", { account: "eBay", sku: "A" })).toBeNull();
  });
  it("counts at an account", () => expect([countOf(cause(), null), countOf(cause(), "eBay"), countOf(cause(), "Newegg")]).toEqual([5, 1, 0]));
  it("only those at the account", () => expect([causesAt([cause()], "Newegg").length, causesAt([cause()], "eBay").length]).toEqual([0, 1]));
  it("begins with its first sentence", () => expect(wordsOf(cause())).toEqual(["The brand is missing", "Fill it in."]));
  it("attributes by their own name", () => expect([fieldName("attribute:Screen size"), fieldName("brand"), fieldName("odd")]).toEqual(["Screen size", "Brand", "odd"]));
  it("the named one is open, else the first, else none", () =>
    expect([openCause([cause()], "x", true), openCause([cause()], undefined, true), openCause([cause()], "x", false), openCause([], undefined, true)]).toEqual(["x", "brand_missing", null, null]));
});

describe("tabs", () => {
  const standing = { listings: 1200, live: 900, off: 0, sent: 3, unknown: 0, refused: 57, needs_you: 79, waiting: 2 };
  const counts: ListingCountsResponse = { total: standing, accounts: [{ account: "eBay", marketplace: "ebay", ...standing, refused: 4 }] };
  const count = (account: string | null, id: string) => tabList(counts, account, 131).find((tab) => tab.id === id)?.count;
  it("count all accounts", () => expect([count(null, "all"), count(null, "refused"), count(null, "problems")]).toEqual(["1,200", "57", "131"]));
  it("count one account", () => expect(count("eBay", "refused")).toBe("4"));
  it("say no zero", () => expect(count(null, "off")).toBeUndefined());
});

describe("pausing and ending many", () => {
  const found = { search: "sony", filter: filterOf(null) };

  it("names what is chosen, or asks for everything that is found without what was taken out", () => {
    expect(chosenOf({ all: false, keys: ["A", "B"] }, found)).toEqual({ skus: ["A", "B"] });
    expect(chosenOf({ all: true, keys: ["C"] }, found)).toEqual({ all: true, search: "sony", filter: found.filter, except: ["C"] });
  });

  it("is asked at one account or at all", () => {
    expect(turnRequest("end", { skus: ["A"] }, "eBay")).toEqual({ skus: ["A"], accounts: ["eBay"], turn: "end" });
    expect(turnRequest("pause", { skus: ["A"] }, "")).toMatchObject({ accounts: [] });
  });

  it("shows where something is listed and counts what changes", () => {
    const place = (account: string, changed: number, unchanged: number) => ({ account, marketplace: "ebay", changed, unchanged, not_listed: 1 });
    const places = [place("eBay", 4, 0), place("Walmart", 0, 0), place("Amazon", 3, 9)];
    expect(changedBy({ places })).toBe(7);
    expect(placesOf({ places }).map(({ account }) => account)).toEqual(["eBay", "Amazon"]);
    expect(placesOf({ places: [place("eBay", 0, 0)] })).toHaveLength(1);
  });
});
