import { describe, expect, it, vi } from "vitest";

import type { AccountPlan, HeldGroupView, HeldRowView, OutboxAccount, PlanResponse, ReceiptView } from "$src/backend/bindings";
import { FakeHost } from "$src/backend/fake";
import { useTransport } from "$src/backend/host";
import { begin, follow, runOf, stopAccount } from "$src/backend/runs.svelte";

import { CursorPages } from "./cursor";
import { direction, explanation, farthest, questionOf } from "./held";
import { outcomeOf, pushText } from "$src/parts/outcome";
import { PlanPages, planQuestion } from "./planned";
import { accountRows, receiptOf, totalsOf } from "./progress";
import { receiptLines, receiptText } from "./receipts";
import { amountText, bareText, moved, movedText, oneCurrency, valueText } from "$src/parts/values";
import { causes, outboxLines } from "./waiting";
import { callsText, countsText, takesText } from "./words";

const planOf = (over: Partial<AccountPlan>): AccountPlan => ({
  account: "Shop", marketplace: "ebay", lines: [], line_count: 0, held: [], refused: [], groups: [], held_count: 0,
  refused_count: 0, calls: 0, lanes: [], seconds: 0, families: { listings: 0, variants: 0, text: null }, summary: "", ...over,
});

describe("values of changes", () => {
  it("are written without passing through a float", () => {
    expect(valueText("1234567.80 USD")).toBe("1,234,567.80 USD");
    expect(valueText("19.90 USD, 28")).toBe("19.90 USD, 28");
    expect(bareText("19.90 USD")).toBe("19.90");
    expect(valueText(null)).toBe("–");
  });

  it("tell how far they move", () => {
    const check = (from: string | null, to: string | null, expected: number | null) => expect(moved(from, to)).toBe(expected);
    check("100.00 USD", "70.00 USD", -300);
    check("0.3 USD", "0.33 USD", 100);
    check("100 USD", "70 EUR", null);
    check("0.00 USD", "5.00 USD", null);
    check("5", "7", null);
    expect(movedText("100.00 USD", "70.00 USD")).toBe("−30.0 %");
    expect(movedText("5", "7")).toBe("+2");
    expect(movedText(null, "7")).toBe("");
  });

  it("have no currency where there is no room, and are else as they are", () =>
    expect([amountText("1234.50 USD"), amountText("614141000517"), amountText(null)]).toEqual(["1,234.50", "614141000517", null]));

  it("share one currency or name none", () => {
    expect(oneCurrency(["1 USD", "2 USD", "7", null])).toBe("USD");
    expect(oneCurrency(["1 USD", "2 EUR"])).toBeNull();
  });
});

describe("progress of a run", () => {
  const plan: PlanResponse = { id: 1, accounts: [planOf({ line_count: 10, calls: 2, seconds: 90 })], next: null };
  const box = (waiting: number, flying: number): OutboxAccount[] => [{
    account: "Shop", marketplace: "ebay", next_due: null,
    counts: [{ change: "set_price", down: false, state: "waiting", count: waiting }, { change: "set_price", down: false, state: "in_flight", count: flying }],
  }];

  it("counts nothing as sent before it sends", () => {
    const step = { account: "Shop", stage: "plan" as const, done: 0, total: null, begun: false };
    expect(accountRows(plan, [], [step], true)[0]).toMatchObject({ sent: 0, total: 10, receipt: "wanted", stage: "plan" });
  });

  it("counts what has left the outbox while it sends", () => {
    const step = { account: "Shop", stage: "send" as const, done: 0, total: null, begun: true };
    expect(accountRows(plan, box(4, 2), [step], true)[0]).toMatchObject({ sent: 6, part: 0.6, receipt: "sent", goes: true });
    // What is being sent may wait for a limit: it can still be stopped.
    expect(accountRows(plan, box(0, 2), [step], true)[0]).toMatchObject({ sent: 10, receipt: "sent", goes: true });
    expect(accountRows(plan, box(0, 0), [step], true)[0]).toMatchObject({ sent: 10, receipt: "answered", goes: false });
  });

  it("stays sent while results are waited for, whatever is planned in between", () => {
    useTransport(new FakeHost({ push: () => new Promise(() => undefined) }));
    const { id } = begin("push", {});
    const told = (stage: "plan" | "send") => follow({ type: "progress", run: id, account: "Shop", stage, done: 0, total: null });
    const row = () => accountRows(plan, box(0, 10), runOf(id)?.steps ?? [], true)[0];
    told("plan");
    expect(row()).toMatchObject({ sent: 0, stage: "plan" });
    told("send");
    told("plan");
    expect(row()).toMatchObject({ sent: 10, receipt: "sent", stage: null });
  });

  it("tells nothing of a run where none is", () => {
    const rows = accountRows(plan, box(4, 0), [], false);
    expect(rows[0]).toMatchObject({ sent: 0, total: 10, stage: null });
    expect(totalsOf(rows)).toMatchObject({ total: 10, calls: 2, seconds: 90 });
  });

  it("is unknown as soon as one answer is missing", () => {
    expect(receiptOf(10, 0, 0, 0, 1)).toBe("unknown");
    expect(receiptOf(0, 0, 0, 0, 0)).toBeNull();
  });
});

describe("the plan as lines", () => {
  const plan: PlanResponse = { id: 1, next: null, accounts: [planOf({
    lines: [{ sku: "A", change: "set_price", from: "2.00 USD", to: "1.00 USD", text: "" }, { sku: "B", change: "set_quantity", from: "1", to: "4", text: "" }],
    held: [{ account: "Shop", sku: "C", kind: "price_moves_far", reason: "far", from: "9.00 USD", to: "1.00 USD" }],
    refused: [{ account: "Shop", sku: "D", order: null, kind: "title_missing", field: "title", reason: "no title", vendor: null },
      { account: "Shop", sku: "E", order: null, kind: "title_missing", field: "title", reason: "no title", vendor: null }],
  })] };

  it("are asked for as the address says, and what it says wrongly asks for nothing", () => {
    const none = { search: null, accounts: [], groups: [], states: [] };
    const check = (params: Record<string, string>, expected: object) => expect(planQuestion(params)).toEqual({ ...none, ...expected });
    check({}, {});
    check({ kind: "price_down|quantity_up" }, { groups: ["price_down", "quantity_up"] });
    check({ state: "refused|gone", account: "Shop" }, { states: ["refused"], accounts: ["Shop"] });
    check({ q: " b " }, { search: "b" });
  });

  it("names a cause once", () => {
    expect(causes(plan)).toMatchObject([{ count: 2, reason: "no title", skus: ["D", "E"] }]);
  });
});

describe("what waits for a yes", () => {
  const row = (id: number, by: number | null): HeldRowView => ({ id, sku: `S${id}`, title: "", from: "2.00 USD", to: "1.00 USD", by, origin: "import:46" });
  const group: HeldGroupView = {
    account: "Shop", marketplace: "ebay", change: "set_price", why: "price_moves_far", count: 2, can_drop: true, rows: [],
    seen: { newest: 2, at: "2026-11-22T12:00:00Z" },
    problem: { kind: "price_moves_far", field: "price", reason: "One would move.", vendor: null, mend: "answer", set_field: "price" },
  };

  it("is asked in the direction that all of it moves", () => {
    expect(direction([row(1, -300), row(2, -400)])).toBe("fall");
    expect(direction([row(1, -300), row(2, 400)])).toBe("both");
    expect(questionOf(group, [row(1, -300), row(2, -400)])).toBe("2 prices on Shop would fall far. Is that right?");
    // Not all of it was read: the direction of the rest is not known.
    expect(questionOf({ ...group, count: 3 }, [row(1, -300)])).toBe("3 prices on Shop would move far. Is that right?");
  });

  it("says where it comes from and what goes on", () => {
    const text = explanation(group, [row(1, -300)], 347);
    expect(text).toContain("import 46");
    expect(text).toContain("everything else (347) goes on");
    expect(text).not.toContain("One would move");
  });

  it("shows what moves farthest first", () => {
    expect(farthest([row(1, -300), row(2, 900), row(3, -400)], 2).map(({ id }) => id)).toEqual([2, 3]);
  });
});

describe("receipts", () => {
  const receipt = (id: number, over: Partial<ReceiptView> = {}): ReceiptView => ({
    id, account: "Shop", marketplace: "ebay", sku: `S${id}`, order_id: null, kind: "set_price", from: null, to: "5.00 USD",
    wanted_at: "2026-11-22T10:00:00Z", sent_at: "2026-11-22T10:00:01Z", answered_at: null, seen_at: null, state: "in_flight", problem: null, ...over,
  });

  it("that fared alike in the same minute are one line", () => {
    const lines = receiptLines([receipt(4), receipt(3), receipt(2, { kind: "set_quantity", to: "4" }), receipt(1, { answered_at: "2026-11-22T10:00:02Z", state: "applied" })]);
    expect(lines.map(({ count, step }) => `${count} ${step}`)).toEqual(["2 sent", "1 sent", "1 answered"]);
    expect(lines.map(receiptText)).toEqual(["2 prices", "Quantity 4, S2", "Price 5.00 USD, S1"]);
  });
});

describe("pages behind a cursor", () => {
  it("are read forward, and remembered", async () => {
    const asked: (number | null)[] = [];
    const pages = new CursorPages<number, number>(async (after, limit) => {
      asked.push(after);
      const from = (after ?? -1) + 1;
      const rows = Array.from({ length: Math.min(limit, 25 - from) }, (_, index) => from + index);
      return { rows, next: from + rows.length < 25 ? (rows.at(-1) ?? null) : null };
    });
    expect(await pages.page(0, 10)).toMatchObject({ total: 11 });
    expect(await pages.page(20, 10)).toMatchObject({ rows: [20, 21, 22, 23, 24], total: 25 });
    expect(asked).toEqual([null, 9, 19]);
    expect((await pages.page(10, 10, 25)).rows[0]).toBe(10);
    expect((await pages.page(50, 10)).rows).toEqual([]);
  });
});

describe("words", () => {
  it("count what is alike", () => {
    expect(countsText([{ group: "price_up", count: 1 }, { group: "price_down", count: 2 }, { group: "end", count: 1 }, { group: "publish", count: 0 }])).toEqual(["3 prices", "1 end"]);
    expect(callsText([{ delivery: "call", calls: 5 }, { delivery: "feed", calls: 1 }])).toBe("5 calls and 1 feed");
    expect([takesText(0), takesText(125), takesText(9000)]).toEqual(["about 1 s", "about 2 min", "about 3 h"]);
  });

  it("put what waits for a person first", () => {
    const counts = [{ change: "set_price" as const, down: false, state: "waiting" as const, count: 3 }, { change: "end" as const, down: false, state: "held" as const, count: 1 }];
    expect(outboxLines([{ account: "Shop", marketplace: "ebay", counts, next_due: null }]).map(({ state, head }) => [state, head])).toEqual([["held", true], ["waiting", false]]);
  });
});

describe("one account of a push", () => {
  it("is stopped while the others go on", async () => {
    let end = (_answer: unknown): void => undefined;
    const host = new FakeHost({ push: () => new Promise((done) => { end = done; }), run_cancel: () => ({ asked: true }) });
    useTransport(host);
    const { id, answer } = begin("push", {});
    await stopAccount(id, "Shop");
    await stopAccount(id, "Shop");
    follow({ type: "progress", run: id, account: "Other", stage: "send", done: 1, total: null });
    expect(runOf(id)).toMatchObject({ stopped: ["Shop"], stopping: false, steps: [{ account: "Other" }] });
    expect(host.asked.filter(({ name }) => name === "run_cancel").map(({ request }) => request)).toMatchObject([{ run: id, account: "Shop" }]);
    end({});
    await answer;
  });

  it("is told at the end", () => {
    const push = { done: 4, waiting: 2, unknown: 0, held_count: 0, refused_count: 0, next_due: null, stopped: false };
    expect(pushText({ ...push, stopped_accounts: ["Shop"] })).toContain("Shop stopped; what is left waits.");
    expect(pushText({ ...push, stopped_accounts: [] })).not.toContain("stopped");
  });

  it("is no success where an account did not answer, a change was refused or a record was not read", () => {
    const account = { account: "Shop", orders_new: 1, orders_changed: 0, orders_read: 1, unreadable: 0, complete: true, covered_through: null };
    const item = { account: "Shop", kind: "x", field: null, reason: "The keys are refused.", sku: null, order: null, vendor: null };
    const pull = { accounts: [account], unmatched: [], oversold: [], stopped: false, done: 1, held: [], refused: [] };
    const push = {
      done: 4, waiting: 0, unknown: 0, held_count: 0, refused_count: 0, next_due: null, stopped: false, stopped_accounts: [],
      problems: [], defaults: [], held: [], refused: [],
    };
    const check = (answer: object, expected: object) => expect(outcomeOf({ name: "sync", answer, error: null })).toMatchObject(expected);
    check({ pull, push }, { state: "live", failed: false, stopped: false });
    check({ pull: { ...pull, accounts: [{ ...account, complete: false }] }, push }, { state: "needs_you", failed: true });
    check({ pull: { ...pull, accounts: [{ ...account, complete: false }], stopped: true }, push }, { state: "live", failed: false, stopped: true });
    check({ pull: { ...pull, accounts: [{ ...account, unreadable: 2 }] }, push }, { state: "needs_you", failed: true });
    check({ pull, push: { ...push, refused_count: 3 } }, { state: "needs_you", failed: true });
    check({ pull, push: { ...push, held_count: 3 } }, { state: "needs_you", failed: false });
    expect(outcomeOf({ name: "sync", answer: { pull: { ...pull, refused: [item, item] }, push }, error: null }).text).toMatch(/Shop: The keys are refused\.$/);
  });
});

describe("lines of a plan that another took the place of", () => {
  it("are told once, and answered from the next plan", async () => {
    let last = 2;
    const asked: unknown[] = [];
    const gone: number[] = [];
    const pages = new PlanPages(async ({ plan }) => {
      asked.push(plan);
      return { plan: last, rows: [], total: plan === last ? 7 : 0, all: plan === last ? 7 : 0 };
    }, () => gone.push(last));
    expect((await pages.page(2, { at: 0 })).total).toBe(7);
    last = 3;
    const both = [pages.page(2, { at: 0 }), pages.page(2, { at: 100 })];
    await vi.waitFor(() => expect(gone).toEqual([3]));
    pages.next(2);
    last = 4;
    pages.next(3);
    await vi.waitFor(() => expect(gone).toEqual([3, 4]));
    pages.next(4);
    expect((await Promise.all(both)).map(({ plan, total }) => [plan, total])).toEqual([[4, 7], [4, 7]]);
    expect(asked).toEqual([2, 2, 2, 3, 3, 4, 4]);
  });
});
