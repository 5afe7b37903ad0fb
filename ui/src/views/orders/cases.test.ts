import { describe, expect, it } from "vitest";

import type { CaseAct, CaseView } from "$src/backend/bindings";

import { actDoes, actNeeds, answerActions, answerBy, answerSentence, answersThere, caseKind, caseSign, givesMoney, isWhole, NO_ADDRESS, plainWord } from "./cases";

const NOW = Date.parse("2026-11-22T12:00:00Z");
const one = (change: Partial<CaseView> = {}): CaseView => ({
  id: 1, account: "eBay", marketplace: "ebay", case_id: "5000", kind: "return", state: "waits_for_seller",
  marketplace_state: "RETURN_REQUESTED", reason: "DEFECTIVE_ITEM", amount: { amount: "34.90", currency: "USD" },
  order_id: "13-1", order: "eBay/13-1", line_id: null, opened_at: "2026-11-21T12:00:00Z",
  respond_by: "2026-11-24T12:00:00Z", closed_at: null, offers: ["approve", "refund"], actions: [], answering: null, page: null, ...change,
});

describe("whose turn it is", () => {
  const check = (state: CaseView["state"], sign: string, word: RegExp) =>
    it(state, () => {
      expect(caseSign(one({ state })).state).toBe(sign);
      expect(caseSign(one({ state })).word).toMatch(word);
    });
  check("waits_for_seller", "needs_you", /you/);
  check("waits_for_buyer", "pending", /buyer/);
  check("waits_for_marketplace", "sent", /eBay/);
  check("open", "unknown", /open/);
  check("closed", "off", /closed/);
});

describe("until when an answer is waited for", () => {
  const check = (name: string, change: Partial<CaseView>, tone: string | null, sentence: boolean) =>
    it(name, () => {
      expect(answerBy(one(change), NOW)?.tone ?? null).toBe(tone);
      expect(answerSentence(one(change), NOW) !== null).toBe(sentence);
    });
  check("two days ahead", {}, "later", true);
  check("in an hour", { respond_by: "2026-11-22T13:00:00Z" }, "warm", true);
  check("passed", { respond_by: "2026-11-22T11:00:00Z" }, "warm", true);
  check("no deadline is told", { respond_by: null }, null, false);
  check("the buyer's turn", { state: "waits_for_buyer" }, null, false);
});

it("what only the marketplace's page takes is told as long as the case is open", () => {
  expect(answersThere(one())).toBe("On eBay’s page you can: approve, give the money back.");
  expect(answersThere(one({ actions: ["approve"] }))).toBe("On eBay’s page you can: give the money back.");
  const none = [{ actions: ["approve", "refund"] }, { offers: [] }, { state: "closed" }, { answering: "refund" }] satisfies Partial<CaseView>[];
  expect(none.map((change) => answersThere(one(change)))).toEqual([null, null, null, null]);
});

describe("what an answer does is said before it is given", () => {
  const check = (act: CaseAct, change: Partial<CaseView>, says: RegExp, needs: ReturnType<typeof actNeeds>, gives: boolean) =>
    it(`${act} ${JSON.stringify(change)}`, () => {
      expect(actDoes(act, one(change)).join(" ")).toMatch(says);
      expect([actNeeds(act, one(change).kind), givesMoney(act)]).toEqual([needs, gives]);
    });
  check("approve", {}, /sends the goods back.*next sync/, null, false);
  check("approve", { kind: "cancellation" }, /cancels the order/, null, false);
  check("decline", {}, /may ask eBay to decide/, "words", false);
  check("decline", { kind: "cancellation" }, /not cancelled/, null, false);
  check("refund", {}, /34\.90 USD go back/, null, true);
  check("refund", { amount: null }, /gets the money back/, null, true);
  check("mark_received", {}, /Stock does not change/, null, false);
  check("provide_shipment", { kind: "inquiry" }, /carrier and number/, "parcel", false);
  check("accept", { kind: "dispute" }, /34\.90 USD go back.*dispute ends/, null, true);
  check("contest", { kind: "dispute" }, /bank, which decides/, "words", false);
  check("contest_with_address", { kind: "dispute" }, /bank, which decides/, "words", false);
  check("accept_with_address", { kind: "dispute" }, /sent back/, null, true);
});

it("kinds have words, and so has what a marketplace calls a reason", () => {
  expect([caseKind("inquiry"), plainWord("DEFECTIVE_ITEM")]).toEqual(["Not received", "Defective item"]);
});

it("answers to a case can be given from the palette, until one is on its way", () => {
  const asked: CaseAct[] = [];
  const open = one({ actions: ["approve", "refund"] });
  const found = answerActions(open, (act) => asked.push(act));
  found[1]?.run();
  expect([found.map(({ id }) => id), asked]).toEqual([["orders.case.1.approve", "orders.case.1.refund"], ["refund"]]);
  expect(answerActions({ ...open, answering: "refund" }, () => undefined)).toEqual([]);
});

it("an address is whole when goods and a call arrive", () => {
  const whole = { ...NO_ADDRESS, name: "Ann", line1: "1 Main St", city: "Reno", postal_code: "89501", country: "US", phone: "775" };
  const without = { line2: "", region: "" };
  expect(isWhole({ ...whole, ...without })).toBe(true);
  for (const part of ["name", "line1", "city", "postal_code", "country", "phone"] as const) expect(isWhole({ ...whole, [part]: " " })).toBe(false);
  expect(isWhole({ ...whole, country: "USA" })).toBe(false);
});
