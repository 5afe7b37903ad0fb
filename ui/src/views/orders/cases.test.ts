import { describe, expect, it } from "vitest";

import type { CaseView } from "$src/backend/bindings";

import { answerBy, answers, answerSentence, caseKind, caseSign, plainWord } from "./cases";

const NOW = Date.parse("2026-11-22T12:00:00Z");
const one = (change: Partial<CaseView> = {}): CaseView => ({
  id: 1, account: "eBay", marketplace: "ebay", case_id: "5000", kind: "return", state: "waits_for_seller",
  marketplace_state: "RETURN_REQUESTED", reason: "DEFECTIVE_ITEM", amount: { amount: "34.90", currency: "USD" },
  order_id: "13-1", order: "eBay/13-1", line_id: null, opened_at: "2026-11-21T12:00:00Z",
  respond_by: "2026-11-24T12:00:00Z", closed_at: null, offers: ["approve", "refund"], page: null, ...change,
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

it("what can be answered is told as long as the case is open", () => {
  expect(answers(one())).toBe("eBay lets you: approve, give the money back.");
  expect([answers(one({ offers: [] })), answers(one({ state: "closed" }))]).toEqual([null, null]);
});

it("kinds have words, and so has what a marketplace calls a reason", () => {
  expect([caseKind("inquiry"), plainWord("DEFECTIVE_ITEM")]).toEqual(["Not received", "Defective item"]);
});
