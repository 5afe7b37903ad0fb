import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { FakeHost } from "$src/backend/fake";
import { call, useTransport } from "$src/backend/host";

import { PAGE, Rows, type RowPage } from "./rows.svelte";
import { Selection } from "./selection.svelte";

interface Line { id: number; text: string }

describe("rows of a list of any length", () => {
  let asked: number[];
  let total = 1_000_000;
  let text = "old";
  let rows: Rows<Line>;
  const page = async (at: number, limit: number): Promise<RowPage<Line>> => {
    asked.push(at / PAGE);
    const end = Math.min(at + limit, total);
    return { total, rows: Array.from({ length: Math.max(0, end - at) }, (_, n) => ({ id: at + n, text })) };
  };

  beforeEach(() => {
    vi.useFakeTimers();
    asked = [];
    total = 1_000_000;
    text = "old";
    useTransport(new FakeHost({ set: () => ({}), account_add: () => ({}) }));
    rows = new Rows({ key: ({ id }) => String(id), tags: ["products"], page });
    rows.ask();
  });
  afterEach(() => {
    rows.close();
    vi.useRealTimers();
  });
  const settle = () => vi.advanceTimersByTimeAsync(100);

  it("reads the first page, then those that are seen", async () => {
    await settle();
    expect([rows.total, rows.at(99)?.id, rows.at(100)]).toEqual([1_000_000, 99, undefined]);
    rows.want(PAGE * 5000 - 10, PAGE * 5000 + 20);
    await settle();
    expect(asked).toEqual([0, 4999, 5000]);
    expect(rows.at(PAGE * 5000)?.id).toBe(PAGE * 5000);
  });

  it("what is touched while it is read is read once more", async () => {
    let answer: (page: RowPage<Line>) => void = () => undefined;
    const slow = new Rows<Line>({
      key: ({ id }) => String(id), tags: ["products"],
      page: () => new Promise((resolve) => { answer = resolve; }),
    });
    slow.ask();
    slow.touch();
    await settle();
    answer({ total: 0, rows: [] });
    await settle();
    answer({ total: 1, rows: [{ id: 0, text: "new" }] });
    await settle();
    expect([slow.total, slow.at(0)?.text]).toEqual([1, "new"]);
    slow.close();
  });

  it("a quick scroll asks for where it stops", async () => {
    await settle();
    for (let at = 0; at < 40; at += 1) rows.want(at * PAGE * 10, at * PAGE * 10 + 30);
    await settle();
    expect(asked.length).toBeLessThanOrEqual(5);
    expect(rows.at(39 * PAGE * 10)?.id).toBe(39 * PAGE * 10);
  });

  it("holds a bounded number of pages", async () => {
    await settle();
    for (let at = 0; at < 100; at += 1) {
      rows.want(at * PAGE, at * PAGE + 30);
      await settle();
    }
    expect(rows.held().length).toBeLessThanOrEqual(60 * PAGE);
    expect(rows.at(0)).toBeUndefined();
  });

  it("knows whether rows that are seen are read", async () => {
    const seen = { first: PAGE - 10, last: PAGE + 20 };
    await settle();
    expect([rows.holds({ first: 0, last: 30 }), rows.holds(seen)]).toEqual([true, false]);
    rows.want(seen.first, seen.last);
    await settle();
    expect(rows.holds(seen)).toBe(true);
    expect(rows.holds({ first: 999_990, last: 1_000_020 })).toBe(false);
  });

  it("an own edit reads again what is seen, and shows the old rows until then", async () => {
    await settle();
    rows.want(0, 30);
    text = "new";
    await call("set", { sku: "A", fields: {} });
    expect(rows.at(0)?.text).toBe("old");
    await settle();
    expect([rows.at(0)?.text, asked]).toEqual(["new", [0, 0]]);
    await call("account_add", { marketplace: "ebay", name: "x" });
    await settle();
    expect(asked).toEqual([0, 0]);
  });

  it("an empty list reads again when something may have come in", async () => {
    total = 0;
    rows.ask();
    await settle();
    expect([rows.total, asked]).toEqual([0, [0, 0]]);
    total = 2;
    await call("set", { sku: "A", fields: {} });
    await settle();
    expect([rows.total, rows.at(1)?.id, asked]).toEqual([2, 1, [0, 0, 0]]);
  });

  it("a patch shows until the row is read again", async () => {
    await settle();
    rows.patch("7", (row) => ({ ...row, text: "typed" }));
    expect(rows.at(7)?.text).toBe("typed");
    expect(rows.indexOf("7")).toBe(7);
  });

  it("an answer to an old question is dropped", async () => {
    await settle();
    total = 3;
    rows.ask();
    total = 5;
    rows.ask();
    await settle();
    expect([rows.total, rows.waiting]).toEqual([5, false]);
  });

  it("a failure keeps what is shown and can be tried again", async () => {
    await settle();
    rows.source.page = () => Promise.reject(new Error("gone"));
    rows.want(PAGE * 9, PAGE * 9 + 5);
    await settle();
    expect([rows.at(0)?.id, (rows.error as Error).message]).toEqual([0, "gone"]);
    rows.source.page = page;
    rows.again();
    await settle();
    expect([rows.at(PAGE * 9)?.id, rows.error]).toEqual([PAGE * 9, null]);
  });

  it("a failure does not keep other rows from being read, and what is touched is tried again", async () => {
    await settle();
    rows.source.page = (at, limit) => (at === PAGE * 9 ? Promise.reject(new Error("gone")) : page(at, limit));
    rows.want(PAGE * 9, PAGE * 9 + 5);
    await settle();
    rows.want(PAGE * 20, PAGE * 20 + 5);
    await settle();
    expect([rows.at(PAGE * 20)?.id, (rows.error as Error).message]).toEqual([PAGE * 20, "gone"]);
    rows.source.page = page;
    rows.want(PAGE * 9, PAGE * 9 + 5);
    await settle();
    expect(rows.at(PAGE * 9)).toBeUndefined();
    rows.touch();
    await settle();
    expect([rows.at(PAGE * 9)?.id, rows.error, rows.reading]).toEqual([PAGE * 9, null, false]);
  });

  it("a first page that failed is asked for again when something is touched", async () => {
    rows.source.page = () => Promise.reject(new Error("gone"));
    rows.ask();
    await settle();
    expect([rows.waiting, (rows.error as Error).message]).toEqual([true, "gone"]);
    rows.source.page = page;
    rows.touch();
    await settle();
    expect([rows.waiting, rows.error, rows.at(0)?.id]).toEqual([false, null, 0]);
  });
});

describe("what is chosen", () => {
  it("some by name", () => {
    const selection = new Selection();
    selection.toggle("a");
    selection.toggle("b");
    selection.toggle("a");
    expect([selection.count(10), selection.has("a"), selection.has("b"), selection.picked]).toEqual([1, false, true, { all: false, keys: ["b"] }]);
  });
  it("all that are found, but a few", () => {
    const selection = new Selection();
    selection.toggle("a");
    selection.chooseAll();
    selection.toggle("b");
    expect([selection.count(38_265), selection.has("a"), selection.has("b"), selection.picked]).toEqual([38_264, true, false, { all: true, keys: ["b"] }]);
    selection.clear();
    expect(selection.count(38_265)).toBe(0);
  });
});
