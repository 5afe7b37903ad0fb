import { beforeEach, describe, expect, it } from "vitest";

import type { Address, Money, OrderGroupView, OrderRowView, PickRow, TimelineEntry } from "$src/backend/bindings";
import { FakeHost } from "$src/backend/fake";
import { useTransport } from "$src/backend/host";

import { addressLines } from "./address";
import { checkRefund, isTaxInTotal, sumsOf, sumsText, taxReferences, toMinor } from "./amounts";
import { carrierOf, trackingOf } from "./carriers";
import { deadlineOf, deadlineSentence, groupLines } from "./deadlines";
import { exportName } from "./exporting";
import { packLines, scanInto, scannedUnits } from "./packing";
import { enter, leftOf, parcelOf, requestsOf, twice } from "./parcels";
import { partOf } from "./part";
import { pickedOrders } from "./picked";
import { pickOrder, shortBy } from "./picking";
import { filterOf, isNarrowed, questionOf, shownBy, sortOf, tabOf } from "./question";
import { findScanned, goodsAmong } from "./scanning";
import { shippedBy, takeAllBack, takeBack } from "./takeback";
import { linesText, orderSign, timelineOf } from "./words";

const NOW = new Date(2026, 10, 23, 14, 36);
const at = (day: number, hour: number, minute = 0) => new Date(2026, 10, day, hour, minute).toISOString();
const usd = (amount: string): Money => ({ amount, currency: "USD" });

const ROW: OrderRowView = {
  order: "eBay/03-1", account: "eBay", marketplace: "ebay", site: "EBAY_US", order_id: "03-1", placed_at: at(22, 21),
  ship_by: at(23, 17), state: "to_ship", payment_state: "paid", on_hold: false, cancel_requested: false, fulfilled_by: "seller",
  shipping_service: null, total: usd("10.00"), buyer: null, lines: 1, units: 1, titles: ["Router"], unmatched: 0,
  confirmation: null, problem: null,
};

describe("the address says which orders are listed", () => {
  const check = (params: Record<string, string>, expected: object) =>
    it(JSON.stringify(params), () => expect(filterOf(params, NOW, "USD")).toMatchObject(expected));
  check({}, { tab: "to_ship", states: [], ship_from: null, ship_before: null });
  check({ tab: "all" }, { tab: null });
  check({ tab: "cancelled" }, { tab: "cancelled" });
  check({ tab: "nonsense" }, { tab: "to_ship" });
  check({ due: "today" }, { ship_from: at(23, 0), ship_before: at(24, 0) });
  check({ due: "tomorrow" }, { ship_from: at(24, 0), ship_before: at(25, 0) });
  check({ due: "week" }, { ship_from: null, ship_before: at(30, 0) });
  check({ due: "late" }, { ship_from: null, ship_before: NOW.toISOString() });
  check({ placed: "1" }, { placed_from: at(23, 0) });
  check({ placed: "7" }, { placed_from: at(17, 0) });
  check({ account: "eBay US|Walmart", state: "pending|nonsense" }, { accounts: ["eBay US", "Walmart"], states: ["pending"] });
  check({ total_min: "500.5", unmatched: "yes", hold: "no" }, { total_min: 50050, unmatched: true, on_hold: false, own: null });

  it("what waits is sorted by deadline, what is done by when it was placed", () => {
    expect(sortOf({})).toEqual({ column: "ship_by", descending: false });
    expect(sortOf({ tab: "shipped" })).toEqual({ column: "placed", descending: true });
    expect(sortOf({ tab: "shipped", sort: "total-down" })).toEqual({ column: "total", descending: true });
    expect(questionOf({ q: "  router ", sort: "order" }, NOW, "USD")).toMatchObject({ search: "router", sort: "number", descending: false });
  });
  it("a tab and a sort narrow nothing", () => {
    expect(isNarrowed({ tab: "all", sort: "total" })).toBe(false);
    expect(isNarrowed({ tab: "all", q: "x" })).toBe(true);
    expect(tabOf({ tab: "shipped" })).toBe("shipped");
  });
});

describe("deadlines count down", () => {
  const check = (shipBy: string | null, waits: boolean, expected: object | null) =>
    it(`${shipBy} ${waits}`, () => expect(deadlineOf(shipBy, NOW.getTime(), waits)).toEqual(expected));
  check(null, true, null);
  check(at(23, 16), true, { text: "1 h 24", tone: "warm" });
  check(at(23, 17), true, { text: "2 h 24", tone: "today" });
  check(at(23, 14, 6), true, { text: "late 30 min", tone: "warm" });
  check(at(24, 12), true, { text: "Tue 12:00", tone: "later" });
  check(at(23, 16), false, { text: "16:00", tone: "later" });

  it("in a sentence", () => {
    expect(deadlineSentence(at(23, 17), NOW.getTime())).toBe("today 17:00, in 2 h 24");
    expect(deadlineSentence(at(24, 9), NOW.getTime())).toBe("tomorrow 09:00, in 18 h 24");
  });

  const group = (day: string | null, place: number, count: number, first: string | null): OrderGroupView =>
    ({ day, at: place, count, first, sums: [usd("3418.74")] });
  it("a line above each day", () => {
    const lines = groupLines([
      group("2026-11-22", 0, 1, at(22, 16)), group("2026-11-23", 1, 18, at(23, 16)), group("2026-11-24", 19, 9, at(24, 12)), group(null, 28, 2, null),
    ], NOW.getTime(), "USD", true);
    expect(lines).toEqual([
      { at: 0, title: "Yesterday", note: "1 order, 3,418.74", warm: "late" },
      { at: 1, title: "Today", note: "18 orders, 3,418.74", warm: "next by 16:00" },
      { at: 19, title: "Tomorrow", note: "9 orders, 3,418.74" },
      { at: 28, title: "No deadline", note: "2 orders, 3,418.74" },
    ]);
  });
  it("what has left is not late", () =>
    expect(groupLines([group("2026-11-22", 0, 1, at(22, 16))], NOW.getTime(), "EUR", false)).toEqual([
      { at: 0, title: "Yesterday", note: "1 order, 3,418.74 USD" },
    ]));
});

describe("sums are exact", () => {
  it("by currency", () =>
    expect(sumsOf([usd("0.10"), usd("0.20"), null, { amount: "5", currency: "JPY" }, usd("-1.05")])).toEqual([
      usd("-0.75"), { amount: "5", currency: "JPY" },
    ]));
  it("beyond what a float holds", () => expect(sumsOf([usd("90071992547409.93"), usd("0.01")])).toEqual([usd("90071992547409.94")]));
  it("as they are told", () => {
    expect(sumsText([usd("1234.50")], "USD")).toBe("1,234.50");
    expect(sumsText([usd("1.00"), { amount: "2.00", currency: "GBP" }], "USD")).toBe("1.00 USD + 2.00 GBP");
  });
  it("in minor units", () => {
    expect(toMinor("12.5", "USD")).toBe(1250);
    expect(toMinor("12", "JPY")).toBe(12);
    expect(toMinor("x", "USD")).toBeNull();
  });
  it("a tax that the marketplace pays, in the total or beside it", () => {
    const amounts = { items: usd("219.00"), shipping: usd("4.95"), discount: usd("1.00"), tax: null, tax_by_marketplace: usd("18.06"), other: null, total: null, refunded: null };
    expect(isTaxInTotal(amounts, usd("241.01"))).toBe(true);
    expect(isTaxInTotal(amounts, usd("222.95"))).toBe(false);
    expect(isTaxInTotal(amounts, null)).toBe(false);
  });
  it("the numbers for customs once each, with their kind", () => {
    const tax = (reference: string | null, reference_name: string | null) => ({ name: "VAT", amount: usd("1.00"), collected_by: "marketplace" as const, reference, reference_name });
    const taxes = [tax("IM2760000742", "IOSS"), tax("IM2760000742", "IOSS"), tax("7", null), tax(null, null)];
    expect(taxReferences(taxes)).toEqual(["IOSS IM2760000742", "7"]);
  });
  it("what can be given back", () => {
    expect(checkRefund("5.00", "USD")).toBeNull();
    for (const wrong of [null, "0", "0.00", "-1", "1.005"]) expect(checkRefund(wrong, "USD")).not.toBeNull();
    expect(checkRefund("1.500", "USD")).toBeNull();
  });
});

describe("a tracking number tells its carrier", () => {
  const check = (text: string, expected: string | null) => it(text, () => expect(carrierOf(text)).toBe(expected));
  check("1Z999AA10123456784", "UPS");
  check("9400 1118 9922 3100 0012 34", "USPS");
  check("420554019400111899223100001234", "USPS");
  check("EA123456785US", "USPS");
  check("RB123456785GB", "Royal Mail");
  check("123456789012", "FedEx");
  check("TBA123456789012", "Amazon Logistics");
  check("hello", null);
  check("", null);
  it("without the postal code of its barcode", () => expect(trackingOf("42055802-9400111899223100001234")).toBe("9400111899223100001234"));
});

describe("many parcels by scanner", () => {
  const three = ["eBay/A-1", "eBay/A-2", "Walmart/77"].map(parcelOf);
  it("number after number, in order", () => {
    const first = enter(three, 0, "1Z999AA10123456784");
    expect(first.next).toBe(1);
    const second = enter(first.parcels, 1, "9400111899223100001234");
    expect(second.next).toBe(2);
    expect(enter(second.parcels, 2, "123456789012").next).toBeNull();
  });
  it("an order that is scanned is gone to, and is no tracking number", () => {
    const { parcels, next } = enter(three, 0, "a-2");
    expect(next).toBe(1);
    expect(parcels[0]?.tracking).toBe("");
  });
  it("what was skipped is come back to", () => {
    const last = enter(three, 2, "123456789012");
    expect(last.next).toBe(0);
  });
  it("only those with a number and a carrier are told", () => {
    const { parcels } = enter(three, 0, "1Z999AA10123456784");
    const odd = enter(parcels, 1, "my own note").parcels;
    expect(requestsOf(odd, "")).toEqual([{ order: "eBay/A-1", carrier: "UPS", tracking: "1Z999AA10123456784" }]);
    expect(requestsOf(odd, "DHL").map(({ carrier }) => carrier)).toEqual(["UPS", "DHL"]);
  });
  it("the same number twice is told", () => {
    const same = enter(enter(three, 0, "123456789012").parcels, 1, "1234 5678 9012").parcels;
    expect([...twice(same)]).toEqual(["123456789012"]);
    expect(twice(three).size).toBe(0);
  });
  it("after the answer, refused ones stay with their reason", () => {
    const filled = enter(enter(three, 0, "123456789012").parcels, 1, "123456789013").parcels;
    const sent = requestsOf(filled, "");
    const refused = { order: "eBay/A-2", reason: "not taken", account: null, sku: null, kind: "x", field: null, vendor: null };
    expect(leftOf(filled, sent, [refused]).map(({ order, refused: why }) => [order, why])).toEqual([["eBay/A-2", "not taken"], ["Walmart/77", null]]);
  });
  it("what is refused only as unpaid leaves all the same once that is said, and nothing else with it", () => {
    const filled = three.map((one, n) => ({ ...one, tracking: n === 2 ? "" : "1Z999AA10123456784" }));
    const refused = ({ order }: { order: string }, kind: string) => ({ account: null, sku: null, order, kind, field: null, reason: kind, vendor: null });
    const sent = requestsOf(filled, "");
    expect(sent.map(({ unpaid }) => unpaid)).toEqual([undefined, undefined]);
    const left = leftOf(filled, sent, [refused(filled[0]!, "not_paid"), refused(filled[1]!, "address_invalid")]);
    expect(requestsOf(left, "", true)).toEqual([{ order: "eBay/A-1", carrier: "UPS", tracking: "1Z999AA10123456784", unpaid: true }]);
    expect(requestsOf(enter(left, 0, "1Z999AA10123456784").parcels, "", true)).toEqual([]);
  });
});

describe("a part of what is open", () => {
  const open = [{ line_id: "1", most: 2 }, { line_id: "2", most: 1 }];
  const check = (counts: Record<string, string>, expected: [string, number][] | null) =>
    it(JSON.stringify(counts), () => {
      const { lines, wrong } = partOf(open, counts);
      expect(wrong === null ? lines.map(({ line_id, quantity }) => [line_id, quantity]) : null).toEqual(expected);
    });
  check({}, [["1", 2], ["2", 1]]);
  check({ 1: "1", 2: "0" }, [["1", 1]]);
  check({ 1: "3" }, null);
  check({ 1: "1.5" }, null);
  check({ 1: "" }, null);
  check({ 1: "0", 2: "0" }, null);
});

describe("packing and picking", () => {
  const pick = (sku: string, units: number, places: [string, number][], gtin: string | null = null) =>
    ({ product: { sku, title: sku, gtin }, units, places: places.map(([location, on_hand]) => ({ location, on_hand })), orders: [] }) as unknown as PickRow;
  it("each scan is taken until all are in", () => {
    let lines = packLines([pick("CABLE", 2, [["A2", 9]], "036000291452"), pick("HUB", 1, [])]);
    const scans = ["0036000291452", "cable", "CABLE", "HUB", "OTHER"].map((code) => {
      const taken = scanInto(lines, code);
      lines = taken.lines;
      return taken.scan;
    });
    expect(scans).toEqual(["taken", "taken", "full", "taken", "unknown"]);
    expect(scannedUnits(lines)).toEqual({ scanned: 3, units: 3 });
  });
  it("by place as somebody walks", () =>
    expect(pickOrder([pick("c", 1, []), pick("b", 1, [["A10", 1]]), pick("a", 1, [["A2", 1]])]).map(({ product }) => product.sku)).toEqual(["a", "b", "c"]));
  it("what is missing is told", () => {
    expect(shortBy(pick("a", 3, [["A", 1], ["B", 1]]))).toBe(1);
    expect(shortBy(pick("a", 1, [["A", 4]]))).toBe(0);
  });
});

describe("an order's first word", () => {
  const check = (change: Partial<OrderRowView>, state: string, word: string) =>
    it(word, () => expect(orderSign({ ...ROW, ...change })).toMatchObject({ state, word }));
  check({}, "pending", "to ship");
  check({ cancel_requested: true, unmatched: 1 }, "needs_you", "cancel asked");
  check({ unmatched: 1, on_hold: true }, "needs_you", "match SKU");
  check({ confirmation: "refused", problem: "internal" as never }, "refused", "refused");
  check({ on_hold: true }, "off", "on hold");
  check({ confirmation: "queued" }, "pending", "marked shipped");
  check({ fulfilled_by: "marketplace", marketplace: "amazon" }, "off", "Amazon ships");
  check({ state: "shipped", cancel_requested: true }, "live", "shipped");
  check({ state: "partly_shipped" }, "sent", "partly shipped");
  it("its lines", () => {
    expect(linesText(ROW)).toBe("Router");
    expect(linesText({ lines: 3, titles: ["Kit", "Drive", "Router"] })).toBe("3 lines: Kit, Drive, Router");
  });
});

describe("the timeline", () => {
  const entry = (change: Partial<TimelineEntry>): TimelineEntry =>
    ({ at: at(22, 21), kind: "placed", action: null, state: null, confirmation: null, value: null, carrier: null, problem: null, ...change });
  it("a parcel and the telling of it are one line", () => {
    const told = timelineOf([
      entry({}), entry({ kind: "shipped", value: "94001", carrier: "USPS", confirmation: "queued" }),
      entry({ kind: "change", action: "ship", state: "waiting", value: "94001" }), entry({ kind: "ship_by", at: at(23, 17) }),
    ], "ebay");
    expect(told.map(({ text, state }) => [text, state])).toEqual([
      ["Placed on eBay", "live"], ["Shipped: USPS 94001", "pending"], ["Ship by", "pending"],
    ]);
  });
  it("a refusal stays, with its reason", () => {
    const told = timelineOf([
      entry({ kind: "shipped", value: "94001", carrier: "USPS", confirmation: "refused" }),
      entry({ kind: "change", action: "ship", state: "refused", value: "94001", problem: { kind: "tracking_invalid", field: null, reason: "not taken", vendor: null, mend: "open_order", set_field: null } }),
    ], "ebay");
    expect(told.map(({ state, note }) => [state, note])).toEqual([["refused", "refused"], ["refused", "not taken"]]);
  });
  it("money given back, by the language", () =>
    expect(timelineOf([entry({ kind: "refunded", value: "1234.50 USD" })], "ebay")[0]?.text).toBe("Given back: 1,234.50 USD"));
});

describe("an address as it is written there", () => {
  const base: Address = { name: "T. Lindqvist", company: null, line1: "418 Harborview Ave", line2: " ", line3: null, city: "Duluth", region: "MN", postal_code: "55802", country: "US", phone: null, reference: null };
  const check = (change: Partial<Address>, expected: string[]) =>
    it(String(change.country ?? "US"), () => expect(addressLines({ ...base, ...change }).slice(2)).toEqual(expected));
  check({}, ["Duluth, MN 55802", "United States"]);
  check({ city: "Leeds", region: null, postal_code: "LS1 4AP", country: "GB" }, ["Leeds", "LS1 4AP", "United Kingdom"]);
  check({ city: "Berlin", region: null, postal_code: "10115", country: "DE" }, ["10115 Berlin", "Germany"]);
  it("nothing is known", () => expect(addressLines(null)).toEqual([]));
});

describe("with a host", () => {
  let host: FakeHost;
  beforeEach(() => {
    host = new FakeHost();
    useTransport(host);
  });
  const question = questionOf({ tab: "all" }, NOW, "USD");
  const rows = (from: number, count: number) => Array.from({ length: count }, (_, n) => ({ ...ROW, order: `eBay/${from + n}` }));

  it("chosen ones stand in the order of the list", async () =>
    expect(await pickedOrders({ all: false, keys: ["eBay/far", "eBay/2", "eBay/1"] }, question, rows(1, 3), 10)).toEqual(["eBay/1", "eBay/2", "eBay/far"]));
  it("all that are found are read page by page, without those taken out", async () => {
    host.answers.order_rows = ({ at: from }) => ({ rows: rows(Number(from), from === 0 ? 1000 : 20), total: 1020, view: 7, groups: [] });
    const picked = await pickedOrders({ all: true, keys: ["eBay/3"] }, question, [], 2000);
    expect(picked).toHaveLength(1019);
    expect(picked).not.toContain("eBay/3");
    expect(host.asked.map(({ request }) => [request.at, request.view])).toEqual([[0, null], [1000, 7]]);
  });
  it("no more than fit", async () => {
    host.answers.order_rows = () => ({ rows: rows(0, 1000), total: 9000, view: 7, groups: [] });
    expect(await pickedOrders({ all: true, keys: [] }, question, [], 200)).toHaveLength(200);
    expect(host.asked).toHaveLength(1);
  });
  it("a scanned number opens its order, and no other", async () => {
    host.answers.order_rows = () => ({ rows: [{ ...ROW, order: "eBay/03-1-9", order_id: "03-1-9" }, ROW], total: 2, view: 1, groups: [] });
    expect(await findScanned(" 03-1 ")).toBe("eBay/03-1");
    expect(await findScanned("03")).toBeNull();
  });
});

it("an export is named by its day", () => expect(exportName("csv", NOW)).toBe("orders-2026-11-23.csv"));

describe("a file of what is shown", () => {
  it("has the list's words, filter and order", () => {
    const question = questionOf({ tab: "shipped", q: " vase ", sort: "total-down" }, NOW, "USD");
    expect(shownBy(question)).toEqual({ search: "vase", filter: question.filter, sort: "total", descending: true });
  });
});

describe("taking a shipment back", () => {
  const order = { account: "eBay", order_id: "03-1", marketplace: "ebay" };
  const parcel = { order: "eBay/03-1", carrier: "USPS", tracking: "94001" };

  it("tells that it is not told, and queues it again when that is undone", async () => {
    const host = new FakeHost({ ship_take_back: () => ({ done: 1, held: [], refused: [], shipments: [parcel], order: {} }), ship_many: () => ({}) });
    useTransport(host);
    const notice = await takeBack(order, { shipment: "1-1" });
    expect(notice.text).toContain("03-1");
    notice.undo?.();
    expect(host.asked.map(({ name, request }) => ({ name, request }))).toMatchObject([
      { name: "ship_take_back", request: { order: "eBay/03-1", shipment: "1-1" } }, { name: "ship_many", request: { orders: [parcel] } },
    ]);
  });

  it("of many knows which change shipped which order", async () => {
    const shipped = shippedBy(["eBay/1", "eBay/2", "eBay/3"], new Set(["eBay/2"]), [41, 43]);
    expect(shipped).toEqual([{ order: "eBay/1", change: 41 }, { order: "eBay/3", change: 43 }]);
    const host = new FakeHost({ ship_take_back: ({ change }) => { if (change === 41) throw new Error("sent"); return {}; } });
    useTransport(host);
    await takeAllBack(shipped);
    expect(host.asked.map(({ request }) => request.change)).toEqual([41, 43]);
  });
});

describe("numbers of many parcels", () => {
  it("that are goods are told by number, each looked up once", async () => {
    const asked: string[] = [];
    const find = async (code: string) => { asked.push(code); return code.startsWith("4") ? `SKU-${code}` : null; };
    const numbers = ["1Z1", "4006", "1Z2", "4006", "4007", "1Z3", "1Z4", "1Z5", "1Z6"];
    expect([...(await goodsAmong(numbers, find))].sort()).toEqual([["4006", "SKU-4006"], ["4007", "SKU-4007"]]);
    expect(asked.length).toBe(8);
  });
});
