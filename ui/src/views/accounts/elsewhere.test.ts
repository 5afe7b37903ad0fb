import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { ElsewhereRow } from "$src/backend/bindings";
import { CallError } from "$src/backend/error";
import { FakeHost } from "$src/backend/fake";
import { useTransport } from "$src/backend/host";

import { Elsewhere, idsOf, listingsOf } from "./elsewhere.svelte";
import { skusText } from "./elsewherecolumns";

const row = (listing_id: string, change: Partial<ElsewhereRow> = {}): ElsewhereRow => ({
  listing_id, sku: `SKU-${listing_id}`, title: null, price: { amount: "10.00", currency: "USD" }, quantity: 2, known: false, page: null, ...change,
});

describe("a listing is shown once, with all of its variations", () => {
  const check = (name: string, rows: ElsewhereRow[], expected: object) =>
    it(name, () => expect(listingsOf(rows)).toEqual([expect.objectContaining(expected)]));
  check("one SKU", [row("1")], { id: "1", skus: ["SKU-1"], variations: 1, price: "10.00 USD", units: "2" });
  check("two variations of one price", [row("1", { sku: "A" }), row("1", { sku: "B" })], { skus: ["A", "B"], price: "10.00 USD", units: "4" });
  check("two prices", [row("1"), row("1", { price: { amount: "12.00", currency: "USD" } })], { price: "10.00–12.00 USD" });
  check("without a SKU, a price or a quantity", [row("1", { sku: null, price: null, quantity: null })], { skus: [], price: "–", units: "–" });
  check("known where each of its SKUs is", [row("1", { known: true }), row("1", { known: false })], { known: false });
});

it("a SKU that is missing is told before all else", () => {
  expect([skusText({ skus: [], variations: 1 }), skusText({ skus: ["A"], variations: 2 }), skusText({ skus: ["A", "B"], variations: 2 })])
    .toEqual(["no SKU", "no SKU, A", "A, B"]);
});

it("what was chosen is told by its ids, also all but some", () => {
  const listings = listingsOf([row("1"), row("2"), row("3")]);
  expect(idsOf({ all: false, keys: ["2"] }, listings)).toEqual(["2"]);
  expect(idsOf({ all: true, keys: ["2"] }, listings)).toEqual(["1", "3"]);
});

describe("a report and what is taken over", () => {
  beforeEach(() => { vi.useFakeTimers(); });
  afterEach(() => { vi.useRealTimers(); });

  const waiting = { ticket: "T", again_in_seconds: 30, listings: [], total: 0, seen: 0 };
  const there = (rows: ElsewhereRow[]) => ({ ticket: "T", again_in_seconds: null, listings: rows, total: rows.length, seen: rows.length });
  const report = () => new Elsewhere("eBay", () => "too long");

  it("is waited for as long as the marketplace says, under its ticket", async () => {
    const answers = [waiting, waiting, there([row("1")])];
    const host = new FakeHost({ listing_elsewhere: () => answers.shift() });
    useTransport(host);
    const it = report();
    await it.read();
    expect([it.phase, host.asked.length]).toEqual(["waiting", 1]);
    await vi.advanceTimersByTimeAsync(29_000);
    expect(host.asked.length).toBe(1);
    await vi.advanceTimersByTimeAsync(31_000);
    expect(it.phase).toBe("there");
    expect(host.asked.map(({ request }) => request.ticket)).toEqual([null, "T", "T"]);
    expect(it.listings.map(({ id }) => id)).toEqual(["1"]);
  });

  it("is not asked for any more once the sheet is closed", async () => {
    const host = new FakeHost({ listing_elsewhere: () => waiting });
    useTransport(host);
    const it = report();
    await it.read();
    it.close();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(host.asked.length).toBe(1);
  });

  it("that never comes is given up, and can be asked for again", async () => {
    const host = new FakeHost({ listing_elsewhere: () => waiting });
    useTransport(host);
    const it = report();
    await it.read();
    await vi.advanceTimersByTimeAsync(300 * 30_000);
    expect(it.error).toEqual(new Error("too long"));
    const before = host.asked.length;
    await it.read();
    expect([it.error, it.phase]).toEqual([null, "waiting"]);
    expect(host.asked[before]?.request.ticket, "another report").toBeNull();
    it.close();
  });

  it("many are taken over some hundred at a time, and what was answered before a failure stays told", async () => {
    const rows = Array.from({ length: 1_100 }, (_, n) => row(String(n)));
    let asked = 0;
    useTransport(new FakeHost({
      listing_elsewhere: () => there(rows),
      listing_take_over: ({ listing_ids }) => {
        asked += 1;
        if (asked === 3) throw new Error("away");
        const ids = listing_ids as string[];
        expect(ids.length).toBeLessThanOrEqual(500);
        return { done: ids.length - 1, listings: ids.map((listing_id, n) => ({ listing_id, skus: [], problem: n === 0 ? { kind: "not_handed_over" } : null })) };
      },
    }));
    const it = report();
    await it.read();
    await it.take(it.listings.map(({ id }) => id));
    expect([it.phase, it.done, it.refused.length, it.answered, it.asked]).toEqual(["done", 998, 2, 1_000, 1_100]);
    expect(it.error).toEqual(new Error("away"));
  });

  it("taking over ends after the request under way once it is to stop, and what is left is counted", async () => {
    const rows = Array.from({ length: 1_100 }, (_, n) => row(String(n)));
    const answers: ((answer: object) => void)[] = [];
    const host = new FakeHost({
      listing_elsewhere: () => there(rows),
      listing_take_over: () => new Promise((resolve) => answers.push(resolve)),
    });
    useTransport(host);
    const it = report();
    await it.read();
    const taking = it.take(it.listings.map(({ id }) => id));
    await vi.advanceTimersByTimeAsync(0);
    it.stop();
    expect([it.phase, it.left]).toEqual(["taking", 0]);
    const ids = host.asked.at(-1)?.request.listing_ids as string[];
    answers[0]?.({ done: ids.length, listings: ids.map((listing_id) => ({ listing_id, skus: [], problem: null })) });
    await taking;
    expect([it.phase, it.done, it.left]).toEqual(["done", 500, 600]);
    expect(host.asked.filter(({ name }) => name === "listing_take_over").length).toBe(1);
  });

  const tickets = (host: FakeHost) => host.asked.map(({ request }) => request.ticket);
  const refused = (kind: "marketplace" | "unreachable", problem: string) => new CallError({ kind, params: { problem }, message: problem });

  it("a report that failed is asked for anew, one that could not be read is read again", async () => {
    const check = async (error: CallError, expected: string | null) => {
      let asked = 0;
      const host = new FakeHost({
        listing_elsewhere: () => {
          asked += 1;
          if (asked === 2) throw error;
          return asked === 1 ? waiting : there([row("1")]);
        },
      });
      useTransport(host);
      const it = report();
      await it.read();
      await vi.advanceTimersByTimeAsync(31_000);
      expect(it.error, error.message).toBe(error);
      await it.read();
      expect([it.phase, tickets(host)], error.message).toEqual(["there", [null, "T", expected]]);
    };
    await check(refused("marketplace", "answer_unreadable"), null);
    await check(refused("marketplace", "no_answer"), "T");
    await check(refused("unreachable", ""), "T");
  });

  it("nothing is taken over that was not chosen", async () => {
    const host = new FakeHost({ listing_elsewhere: () => there([row("1")]) });
    useTransport(host);
    const it = report();
    await it.read();
    await it.take([]);
    expect([it.phase, host.asked.length]).toEqual(["there", 1]);
  });
});
