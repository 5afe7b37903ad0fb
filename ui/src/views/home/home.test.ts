import { describe, expect, it } from "vitest";

import type { AccountFacts, DeadlineView, NeedView, SalesView, ToShipView } from "$src/backend/bindings";

import { accountLook } from "./accounts";
import { firstSentence, needLine, needLines } from "./needs";
import { shipPlace } from "./places";
import { chart, currenciesOf, daysFrom, figures, major, minor, steps } from "./sales";
import { deadlineWord, headline, place, shipNote, timeLine, type Tick } from "./ship";

/** Noon of a day, by the clock of this computer, and hours from it. */
const NOON = new Date(2026, 10, 23, 12).getTime();
const at = (hours: number) => new Date(NOON + hours * 3_600_000).toISOString();
const due = (hours: number, count: number, marketplace = "ebay"): DeadlineView => ({ ship_by: at(hours), account: `${marketplace} US`, marketplace, count });
const toShip = (deadlines: DeadlineView[], more: Partial<ToShipView> = {}): ToShipView => ({
  count: deadlines.reduce((sum, { count }) => sum + count, 0), overdue: 0, without_deadline: 0,
  next: deadlines.find(({ ship_by }) => Date.parse(ship_by) > NOON)?.ship_by ?? null, deadlines, shipped_today: 0, ...more,
});

describe("what must leave", () => {
  const check = (name: string, of: ToShipView, title: string, any = true) => it(name, () => expect(headline(of, NOON, any)).toBe(title));
  check("nothing yet", toShip([]), "No orders yet", false);
  check("all done", toShip([], { shipped_today: 4 }), "Nothing to ship");
  check("one today", toShip([due(4, 1)]), "1 order to ship today");
  check("today counts what is due later only as more", toShip([due(-2, 3), due(4, 6), due(30, 9)]), "9 orders to ship today");
  check("none today", toShip([due(30, 9)]), "9 orders to ship, none today");

  it("says what is late, what comes next, and what is left", () => {
    const note = shipNote(toShip([due(-2, 3), due(4, 4, "walmart"), due(4, 6), due(30, 9)], { overdue: 3, shipped_today: 11 }), NOON);
    expect(note.late).toBe("3 orders are late.");
    expect(note.next).toBe("Next by 16:00, in 4 h 00: 4 Walmart and 6 eBay orders.");
    expect(note.rest).toEqual(["9 more on later days.", "11 shipped since midnight."]);
  });

  it("a deadline of another day is said with its day", () => {
    expect([deadlineWord(at(4), NOON), deadlineWord(at(24), NOON)]).toEqual(["16:00", "Tue 12:00"]);
  });

  it("late orders are shipped before the next ones, the next ones by their account", () => {
    expect(shipPlace(toShip([]), NOON)).toBeNull();
    expect(shipPlace(toShip([due(-1, 2)], { overdue: 2 }), NOON)?.params).toEqual({ due: "late" });
    expect(shipPlace(toShip([due(4, 4), due(5, 1)]), NOON)?.params).toEqual({ due: "today", account: "ebay US" });
    expect(shipPlace(toShip([due(4, 4), due(4, 1, "newegg")]), NOON)?.params).toEqual({ due: "today", account: "" });
  });
});

describe("the time line", () => {
  it("shows today by the hour, from eight or earlier", () => {
    const line = timeLine(toShip([due(4, 4), due(-7, 1)]), NOON);
    expect(line.scale).toBe("hours");
    expect(line.marks[0]?.label).toBe("04:00");
    expect(line.ticks.map(({ kind, at: share }) => [kind, share])).toEqual([["next", 0.6], ["late", 0.05]]);
    expect(timeLine(toShip([due(4, 1)]), NOON).now).toBe(0.25);
  });
  it("shows the coming days where nothing must leave today", () => {
    const line = timeLine(toShip([due(24, 4), due(24 * 9, 1)]), NOON);
    expect([line.scale, line.marks.length, line.ticks.length]).toEqual(["days", 7, 1]);
  });
  it("what was late before its beginning stands together there", () => {
    const line = timeLine(toShip([due(-30, 2), due(-50, 3), due(4, 1)], { overdue: 5 }), NOON);
    expect(line.ticks[0]).toMatchObject({ at: 0, count: 5, kind: "late" });
  });

  it("deadlines of one minute are one", () => {
    const close = [0, 10, 20].map((ms) => ({ ...due(4, 1), ship_by: new Date(NOON + 4 * 3_600_000 + ms).toISOString() }));
    expect(timeLine(toShip(close), NOON).ticks.map(({ count, kind }) => [count, kind])).toEqual([[3, "next"]]);
    expect(shipNote(toShip(close), NOON).next).toContain("3 eBay orders");
  });

  const tick = (share: number): Tick => ({ key: String(share), at: share, count: 1, marketplace: "ebay", kind: "later", title: "" });
  const lefts = (shares: number[], width: number) => place(shares.map(tick), width, 40, 4).placed.map(({ left }) => left);
  it("ticks that would lie over each other stand beside each other", () => {
    expect(lefts([0.5, 0.51, 0.9], 1000)).toEqual([480, 524, 880]);
    expect(lefts([0.99, 1], 1000)).toEqual([916, 960]);
    expect(lefts([0], 1000)).toEqual([0]);
  });
  it("what does not fit is counted", () => expect(place([0.1, 0.2, 0.3].map(tick), 84, 40, 4).left).toBe(1));
});

describe("what needs a hand", () => {
  const need = (more: Partial<NeedView>): NeedView => ({
    kind: "problem", account: "Walmart", marketplace: "walmart", count: 41, cause: "brand_missing", problem: null, sku: null, order: null, since: null, due: null, case_kind: null, mend: "set_field", ...more,
  });
  const problem = { kind: "brand_missing", field: "brand", reason: "The brand is missing. Give the product a brand.", vendor: { code: "1", text: "Brand required" } } as NeedView["problem"];
  it("says the cause first, then the way, then their words", () => {
    expect(needLine(need({ problem }))).toMatchObject({
      count: "41", title: "The brand is missing", note: "Give the product a brand. There: “Brand required”", action: "Fill in 41",
      to: { view: "listings", params: { tab: "problems", cause: "brand_missing", account: "Walmart" } },
    });
  });
  it("one buyer's order is opened, those of several are listed", () => {
    const returns = (count: number) => needLine(need({ kind: "case", case_kind: "return", due: "2026-11-24T12:00:00Z", mend: "answer_case", count, order: null }));
    expect([returns(2).title, returns(2).to]).toEqual(["Returns to answer", { view: "orders", item: null, params: { tab: "cases" } }]);
    expect(returns(2).note).toMatch(/^First deadline: 24 Nov/);
    const cancel = (count: number) => needLine(need({ kind: "cancel", mend: "decide", count, order: "Walmart/17-5" }));
    expect(cancel(1)).toMatchObject({ title: "buyer asks to cancel", to: { view: "orders", item: "Walmart/17-5" } });
    expect(cancel(2)).toMatchObject({ title: "buyers ask to cancel", to: { view: "orders", item: null } });
  });
  it("what buyers wrote is read where it waits", () => {
    const wrote = needLine(need({ kind: "message", mend: "answer_message", count: 2, since: "2026-11-22T08:00:00Z" }));
    expect(wrote).toMatchObject({ title: "buyers wait for an answer", action: "Answer", to: { view: "orders", item: null, params: { tab: "messages", waiting: "yes" } } });
    expect(wrote.note).toMatch(/^Since 22 Nov/);
  });
  it("what is done at once leads nowhere", () => {
    expect([needLine(need({ mend: "wait" })).to, needLine(need({ kind: "quarantine", mend: "read_again" })).to]).toEqual(["sync", "read_again"]);
  });
  it("one cause at several accounts is one line, accounts stay apart", () => {
    const at = (account: string, marketplace: string, more: Partial<NeedView> = {}) => need({ account, marketplace, problem, count: 2, ...more });
    const [line, ...rest] = needLines([at("Walmart", "walmart"), at("eBay US", "ebay"), at("eBay UK", "ebay")]);
    expect(line).toMatchObject({ count: "6", marketplaces: ["walmart", "ebay"], action: "Fill in 6", to: { params: { account: "" } } });
    expect(rest).toEqual([]);
    expect(needLines([at("A", "ebay", { kind: "account" }), at("B", "ebay", { kind: "account" })])).toHaveLength(2);
  });
  it("a sentence ends where it ends", () => expect(firstSentence("Raise 2.50 to 3. Then push.")).toEqual(["Raise 2.50 to 3", "Then push."]));
});

describe("an account", () => {
  const outbox = { waiting: 0, held: 0, sent: 0, unknown: 0 };
  const facts = (more: Partial<AccountFacts>): AccountFacts => ({
    account: "eBay", marketplace: "ebay", title: "eBay", state: "active", practice: false, pulled_at: at(-1), pushed_at: at(-1), problem: null, outbox, ...more,
  });
  const check = (name: string, of: AccountFacts, expected: object, step?: Parameters<typeof accountLook>[1]) =>
    it(name, () => expect(accountLook(of, step, new Date(NOON))).toMatchObject(expected));
  check("lives", facts({}), { state: "live", complete: "Orders complete up to 11:00", outbox: "All changes answered" });
  check("holds", facts({ outbox: { ...outbox, held: 62, waiting: 5 } }), { state: "needs_you", outbox: "62 held for your yes" });
  check("rests", facts({ state: "paused" }), { state: "off" });
  check("was never asked", facts({ pulled_at: null, pushed_at: null }), { state: "pending", complete: "Orders not pulled yet", outbox: "Nothing sent yet" });
  check("sends", facts({}), { state: "sent", outbox: "62 of 152 sent" }, { account: "eBay", stage: "send", done: 62, total: 152, begun: true });
});

describe("sales", () => {
  const sold = (day: string, marketplace: string, amount: string, orders = 1, currency = "USD") => ({ day, marketplace, orders, total: { amount, currency } });
  const sales: SalesView = {
    from: "2026-11-20", to: "2026-11-22", orders: 6, orders_before: 2,
    days: [sold("2026-11-20", "ebay", "100.00", 2), sold("2026-11-20", "amazon", "50.50"), sold("2026-11-22", "amazon", "301.00", 2), sold("2026-11-22", "ebay", "10", 1, "JPY")],
    totals: [{ amount: "451.50", currency: "USD" }, { amount: "10", currency: "JPY" }], totals_before: [{ amount: "430.00", currency: "USD" }],
  };
  it("sums stay exact", () => {
    expect(figures(sales, "USD")).toEqual({ total: { amount: "451.50", currency: "USD" }, orders: 5, each: { amount: "90.30", currency: "USD" }, growth: 0.05 });
    expect(figures(sales, "JPY")).toMatchObject({ orders: 1, each: { amount: "10", currency: "JPY" }, growth: null });
    expect([minor("-0.07", 2), major(-7n, 2), major(10n, 0), minor("5", 3)]).toEqual([-7n, "-0.07", "10", 5000n]);
  });
  it("the currency of most orders comes first", () => expect(currenciesOf(sales)).toEqual(["USD", "JPY"]));
  it("days without a sale are there, parts lie on each other in one order", () => {
    const { bars, marketplaces } = chart(sales, "USD");
    expect(bars.map(({ day, total }) => [day, total])).toEqual([["2026-11-20", "150.50"], ["2026-11-21", "0.00"], ["2026-11-22", "301.00"]]);
    expect(bars[0]?.parts.map(({ marketplace, low, high }) => [marketplace, low, high])).toEqual([["ebay", 0, 0.3322], ["amazon", 0.3322, 0.5]]);
    expect(marketplaces.map(({ marketplace, total }) => [marketplace, total])).toEqual([["ebay", "100.00"], ["amazon", "351.50"]]);
  });
  it("lines stand at round sums", () => {
    expect([steps(2271n), steps(301n), steps(7n), steps(1n), steps(0n)]).toEqual([[0n, 1000n, 2000n], [0n, 100n, 200n, 300n], [0n, 2n, 4n, 6n], [0n, 1n], [0n]]);
  });
  it("a month has all its days", () => expect(daysFrom("2026-10-24", "2026-11-22")).toHaveLength(30));
});
