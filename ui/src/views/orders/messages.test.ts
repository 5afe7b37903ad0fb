import { describe, expect, it } from "vitest";

import type { ConversationView } from "$src/backend/bindings";

import { canSend, canTakeBack, conversationName, conversationSign, leftOf, messageSign } from "./messages";

const one = (change: Partial<ConversationView> = {}): ConversationView => ({
  id: 1, account: "eBay", marketplace: "ebay", buyer: "anna", title: "Lamp", listing_ref: "1100", order: "eBay/13-1", order_id: "13-1",
  unread: 0, last_at: "2026-11-22T12:00:00Z", last: "Is it blue?", last_mine: false, answer: null, erased_at: null, ...change,
});

describe("how a conversation stands", () => {
  const check = (name: string, change: Partial<ConversationView>, state: string, word: RegExp) =>
    it(name, () => {
      expect(conversationSign(one(change)).state).toBe(state);
      expect(conversationSign(one(change)).word).toMatch(word);
    });
  check("unread", { unread: 2 }, "needs_you", /2 new/);
  check("an answer that was refused needs the seller most", { unread: 2, answer: "refused" }, "refused", /not taken/);
  check("an answer is on its way", { answer: "waiting" }, "pending", /next sync/);
  check("nobody knows of an answer", { answer: "unknown" }, "unknown", /nobody knows/);
  check("answered", { last_mine: true }, "answered", /answered/);
  check("read", {}, "off", /read/);
});

describe("an answer", () => {
  it("is counted by whole signs, without blanks around it", () => {
    expect(canSend("  ", 10)).toBe(false);
    expect(canSend("👍".repeat(10), 10)).toBe(true);
    expect(canSend("👍".repeat(11), 10)).toBe(false);
    expect(leftOf("a".repeat(50), 100)).toBe(null);
    expect(leftOf("a".repeat(95), 100)).toMatch(/5/);
  });
  it("can be taken back before it is sent and after it was refused", () => {
    const states = ["there", "waiting", "sending", "unknown", "refused"] as const;
    expect(states.filter((state) => canTakeBack({ state }))).toEqual(["waiting", "refused"]);
  });
  it("that is there has no sign of its own", () => expect(messageSign("there")).toBe(null));
});

it("a buyer whose name was erased has none", () => {
  expect(conversationName(one())).toBe("anna");
  expect(conversationName(one({ buyer: null, erased_at: "2026-11-22T12:00:00Z" }))).toMatch(/erased/);
});
