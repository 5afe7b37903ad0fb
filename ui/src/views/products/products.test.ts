import { describe, expect, it } from "vitest";

import type { ProductView, Variant } from "$src/backend/bindings";
import { FakeHost } from "$src/backend/fake";
import { useTransport } from "$src/backend/host";

import { blockFields, keepBlock } from "./block";
import { editOf, waysOf, type BulkDraft } from "./bulk";
import { asAmount, checkAmount, checkCount, priceEditor, stockEditor } from "./edits";
import { catalogue, currenciesOf, currencyOf } from "./currency.svelte";
import { matrixOf } from "./matrix";
import { checkNew, fieldsOf } from "./newproduct";
import { panelMend, type PanelMend } from "./mend";
import { filterOf, isNarrowed, questionOf, scaled, sortOf, sortText } from "./question";
import { listingSign, sumOf, variantTitle } from "./summary";
import { chainOf, fieldWord, originWord } from "./words";

const usd = (amount: string) => ({ amount, currency: "USD" });
const row = (change: Partial<ProductView> = {}): ProductView => ({
  sku: "A", kind: "variant", handle: "a", title: "Kettle", options: [], brand: null, gtin: null, mpn: null, condition: null,
  cost: usd("10.00"), price: usd("20.00"), on_hand: 5, reserved: 2, available: 3, images: 0, revision: 4,
  updated_at: "2026-11-22T10:00:00Z", margin: 500, cells: [], ...change,
});
const cell = (state: string, listing_state = "live") => ({ state, listing_state }) as NonNullable<ProductView["cells"]>[number];

describe("the list that the address asks for", () => {
  it("nothing", () => expect(questionOf({})).toMatchObject({ search: null, sort: null, descending: false }));
  it("search and sort", () =>
    expect(questionOf({ q: " sony ", sort: "price-down" })).toMatchObject({ search: "sony", sort: "price", descending: true }));
  it("an unknown sort is none", () => expect(sortOf({ sort: "colour" })).toBeNull());
  it("sorts are written as they are read", () => expect(sortText(sortOf({ sort: "on_hand-down" })!)).toBe("on_hand-down"));
  it("filters", () =>
    expect(filterOf({ brand: "Sony|JBL", stock_max: "3", price_min: "12.5", currency: "EUR", margin_max: "10", barcode: "no", listing: "refused", account: "eBay" })).toMatchObject({
      brands: ["Sony", "JBL"], on_hand_max: 3, price_min: 1250, currency: "EUR", margin_max: 100, gtin: false,
      listing: { account: "eBay", state: "refused", listed: null },
    }));
  it("listed anywhere", () => expect(filterOf({ listing: "not_listed" }).listing).toMatchObject({ listed: false, state: null }));
  it("only filters narrow", () => expect([isNarrowed({ sort: "sku", tab: "stock" }), isNarrowed({ q: "a" })]).toEqual([false, true]));
});

describe("currencies", () => {
  const eur = { amount: "1.00", currency: "EUR" };
  it("are those of what is shown, in their order", () =>
    expect(currenciesOf([row(), row({ price: eur }), row({ price: null, cost: null })])).toEqual(["USD", "EUR"]));
  it("of a row without amounts is the catalogue's", () => {
    catalogue.learn("BRL");
    catalogue.learn(null);
    expect([currencyOf(row({ price: eur })), currencyOf(row({ price: null, cost: null }))]).toEqual(["EUR", "BRL"]);
  });
  it("a bound of nothing names none", () => expect(filterOf({ currency: "EUR" }).currency).toBeNull());
});

describe("a product made by hand", () => {
  const draft = { sku: " N-1 ", title: "Pot", price: "12,50", quantity: "", gtin: "" };
  it("names the currency of its price, and nothing that was left open", () =>
    expect(fieldsOf(draft, "EUR")).toEqual({ sku: "N-1", title: "Pot", price: "12.50 EUR" }));
  it("needs a SKU, and a title unless it is a copy", () => {
    const fields = (copies: boolean) => Object.keys(checkNew({ ...draft, sku: " ", title: "", quantity: "1.5" }, "EUR", copies));
    expect([fields(false), fields(true)]).toEqual([["sku", "title", "quantity"], ["sku", "quantity"]]);
  });
});

describe("decimals in minor units", () => {
  const check = (text: string | undefined, digits: number, expected: number | null) =>
    it(`${text} with ${digits}`, () => expect(scaled(text, digits)).toBe(expected));
  check("12.5", 2, 1250);
  check("0.1", 2, 10);
  check("1.239", 2, 123);
  check("500", 0, 500);
  check("-3", 1, -30);
  check("x", 2, null);
  check(undefined, 2, null);
});

describe("what may be typed", () => {
  const check = (text: string, currency: string, right: boolean) =>
    it(`${text} ${currency}`, () => expect(checkAmount(text, currency) === null).toBe(right));
  check("289.89", "USD", true);
  check("1,289.89", "USD", true);
  check("5.000", "USD", true);
  check("5.001", "USD", false);
  check("5.5", "JPY", false);
  check("", "USD", false);
  check("0", "USD", false);
  check("-3", "USD", false);
  check("12a", "USD", false);
  it("counts are whole and not below zero, a blank is none", () =>
    expect(["0", "12", "", "1.5", "-1", "x"].map((text) => checkCount(text) === null)).toEqual([true, true, false, false, false, false]));
  it("an amount has the digits of its currency", () =>
    expect([asAmount("5", "USD"), asAmount("5.5", "USD"), asAmount("5", "JPY")]).toEqual(["5.00", "5.50", "5"]));
});

describe("editing in place", () => {
  it("shows the new price until it is read again, and sends it as it was meant", async () => {
    const host = new FakeHost({ set: () => ({ refused: [] }) });
    useTransport(host);
    expect(priceEditor.apply?.(row(), "1,289.5").price).toEqual(usd("1289.50"));
    expect(await priceEditor.save(row(), "1,289.5")).toBeNull();
    expect(host.asked[0]?.request).toMatchObject({ sku: "A", fields: { price: "1289.5" }, expected: 4 });
  });
  it("tells why it was refused", async () => {
    useTransport(new FakeHost({ set: () => ({ refused: [{ reason: "Below the floor." }] }) }));
    expect(await priceEditor.save(row(), "1")).toBe("Below the floor.");
  });
  it("stock moves what is available", () => expect(stockEditor.apply?.(row(), "12")).toMatchObject({ on_hand: 12, available: 10 }));
  it("a kit's stock is not edited", () => expect([stockEditor.enabled?.(row({ kind: "kit" })), priceEditor.enabled?.(row({ kind: "kit" }))]).toEqual([false, true]));
});

describe("pasted blocks", () => {
  const cells = [{ row: row(), column: "price", text: "12,50" }, { row: row(), column: "on_hand", text: "7" }, { row: row({ sku: "B" }), column: "title", text: "Pot" }];
  it("one row is kept at once", () =>
    expect(blockFields(cells).rows.map(({ row: { sku }, fields }) => [sku, fields])).toEqual([["A", { price: "12.50", quantity: "7" }], ["B", { title: "Pot" }]]));
  it("a wrong cell is told by its row", () =>
    expect(blockFields([...cells, { row: row({ sku: "C" }), column: "price", text: "x" }]).wrong).toEqual([expect.stringContaining("C: ")]));
  it("all rows are one call, kept or refused as a whole", async () => {
    const { rows } = blockFields(cells);
    const host = new FakeHost({ set_block: () => ({ done: 2, refused: [], refused_count: 0 }) });
    useTransport(host);
    expect(await keepBlock(rows)).toEqual({ done: 2 });
    expect(host.asked).toEqual([{ name: "set_block", request: expect.objectContaining({
      rows: [{ sku: "A", fields: { price: "12.50", quantity: "7" } }, { sku: "B", fields: { title: "Pot" } }],
    }) }]);
    host.answers = { set_block: () => ({ done: 0, refused: [{ reason: "A is gone." }], refused_count: 1 }) };
    expect(await keepBlock(rows)).toEqual({ why: "A is gone." });
  });
});

describe("editing many", () => {
  const draft = (change: Partial<BulkDraft>): BulkDraft => ({ field: "price", how: "percent", text: "-5", ending: "0.99", currency: "USD", ...change });
  const check = (name: string, change: Partial<BulkDraft>, expected: unknown) => it(name, () => expect(editOf(draft(change))).toEqual(expected));
  check("percent with an ending", {}, { edit: { field: "price", how: "percent", value: "-5", ending: "0.99", currency: null } });
  check("a set price takes no ending", { how: "set", text: "19,99" }, { edit: { field: "price", how: "set", value: "19.99", ending: null, currency: "USD" } });
  check("nothing typed yet", { text: " " }, null);
  check("a percent sign is understood", { text: "10%" }, { edit: { field: "price", how: "percent", value: "10", ending: "0.99", currency: null } });
  check("brands are texts", { field: "brand", how: "set", text: "Sony" }, { edit: { field: "brand", how: "set", value: "Sony", ending: null, currency: null } });
  it("wrong ones say why", () => {
    expect(editOf(draft({ text: "x" }))).toHaveProperty("wrong");
    expect(editOf(draft({ field: "quantity", how: "add", text: "1.5" }))).toHaveProperty("wrong");
  });
  it("ways", () => expect([waysOf("price"), waysOf("quantity"), waysOf("title")]).toEqual([["percent", "add", "set"], ["add", "set"], ["set"]]));
});

describe("how a product stands over all accounts", () => {
  const check = (cells: ReturnType<typeof cell>[], expected: object | null) =>
    it(JSON.stringify(expected), () => expect(listingSign(cells)).toEqual(expected));
  check([], null);
  check([cell("live"), cell("live")], { state: "live", word: "2 live" });
  check([cell("live"), cell("pending"), cell("pending")], { state: "pending", word: "2 pending" });
  check([cell("live"), cell("refused"), cell("sent")], { state: "refused", word: "1 refused" });
  check([cell("off", "paused"), cell("off", "ended")], { state: "off", word: "paused", icon: "state-paused" });
  check([cell("off", "ended")], { state: "off", word: "ended" });
});

it("a variant's title tells it apart", () =>
  expect(variantTitle({ title: "Shirt", options: [{ name: "Size", value: "M" }, { name: "Colour", value: "" }] })).toBe("Shirt, M"));

describe("sums of the chosen", () => {
  it("exact, the average rounded half up", () =>
    expect(sumOf([row({ price: usd("0.10") }), row({ price: usd("0.20") }), row({ price: usd("0.29") })])).toEqual({ sum: "0.59", average: "0.20", currency: "USD" }));
  it("without a price there is none", () => expect(sumOf([row({ price: null })])).toBeNull());
  it("without minor digits", () =>
    expect(sumOf([row({ price: { amount: "500", currency: "JPY" } }), row({ price: { amount: "501", currency: "JPY" } })])).toEqual({ sum: "1001", average: "501", currency: "JPY" }));
});

describe("variants as a table", () => {
  const variant = (...options: string[]) => ({ sku: options.join("-"), options }) as Variant;
  const all = ["8", "16", "32"].flatMap((size) => ["Black", "Red"].map((colour) => variant(size, colour)));
  it("the option with fewer values goes across", () => {
    const matrix = matrixOf(["Size", "Colour"], all);
    expect([matrix?.rows, matrix?.columns, matrix?.at("16", "Red")?.sku]).toEqual([["8", "16", "32"], ["Black", "Red"], "16-Red"]);
  });
  it("holes stay empty", () => expect(matrixOf(["Size", "Colour"], all.slice(1))?.at("8", "Black")).toBeUndefined());
  it("one option is a list, and so are two of a kind", () =>
    expect([matrixOf(["Size"], all), matrixOf(["Size", "Colour"], [...all, variant("8", "Red")])]).toEqual([null, null]));
});

it("the chain of a number", () => {
  const chain = chainOf([{ kind: "base_cost", value: "52.40" }, { kind: "times", value: "1.18" }, { kind: "plus", value: "-1.50" }, { kind: "floor", value: "64.10" }, { kind: "kit_part", value: "MUG 3" }]);
  expect(chain.map(({ by, value, idle }) => [by, value, idle])).toEqual([
    [undefined, "52.40", undefined], ["× 1.18", undefined, undefined], ["−1.50", undefined, undefined], ["not reached", undefined, true], [undefined, "3", undefined],
  ]);
});

it("codes in words", () =>
  expect([fieldWord("attribute:Colour"), fieldWord("gtin"), fieldWord("odd"), originWord("import:46"), originWord("user")]).toEqual(["Colour", "Barcode", "odd", "import 46", "you"]));

describe("what mends a problem of a listing", () => {
  const listing = { account: "eBay", marketplace: "ebay", variant_sku: "A", id: 7, page: null };
  const check = (what: string, problem: Parameters<typeof panelMend>[0], expected: Partial<PanelMend> | null, page: string | null = null) =>
    it(what, () => {
      const way = panelMend(problem, { ...listing, page });
      if (expected === null) expect(way).toBeNull();
      else expect(way).toMatchObject(expected);
    });
  check("a category is opened in the panel", { mend: "set_category", set_field: null }, { kind: "own", mark: "category" });
  check("so is an attribute", { mend: "set_field", set_field: "attribute:Colour" }, { kind: "own", mark: "attribute:Colour", label: "Set Colour" });
  check("a weight is the product's", { mend: "set_field", set_field: "weight" }, { kind: "go", view: "products", item: "A", params: { tab: "details", field: "weight" } });
  check("images have a tab", { mend: "set_field", set_field: "images" }, { kind: "go", params: { tab: "images" } });
  check("keys are the account's", { mend: "connect", set_field: null }, { kind: "go", view: "accounts", item: "eBay" });
  check("the marketplace's page is opened", { mend: "at_marketplace", set_field: null }, { kind: "page", url: "https://www.ebay.com/itm/1" }, "https://www.ebay.com/itm/1");
  check("without a page there is nothing to open", { mend: "at_marketplace", set_field: null }, null);
  check("time mends by itself", { mend: "wait", set_field: null }, null);
  check("no field, no button", { mend: "set_field", set_field: null }, null);
});
