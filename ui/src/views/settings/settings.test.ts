import { describe, expect, it } from "vitest";

import type { KeysKept, OrderDetailResponse } from "$src/backend/bindings";

import { intervals, intervalWord, languages } from "./choices";
import { eraseQuestion } from "./people";
import { keyWords } from "./place";

describe("a time between two syncs", () => {
  const check = (minutes: number, expected: string) => it(expected, () => expect(intervalWord(minutes)).toBe(expected));
  check(1, "every minute");
  check(15, "every 15 minutes");
  check(60, "every hour");
  check(90, "every 90 minutes");
  check(240, "every 4 hours");
  check(1440, "once a day");
});

it("an interval that was set elsewhere is offered among the others, in its place", () => {
  const values = intervals(45).map(({ value }) => value);
  expect(values).toEqual(["0", "5", "10", "15", "30", "45", "60", "120", "240", "1440"]);
  expect(intervals(15)).toHaveLength(9);
});

it("the system's language comes first, then each by its own name", () => {
  expect(languages().map(({ label }) => label)).toEqual(["As the system", "English", "Português (Brasil)", "繁體中文"]);
});

describe("who keeps the keys", () => {
  const check = (kept: KeysKept, state: string) => it(kept, () => {
    const words = keyWords(kept);
    expect(words.state).toBe(state);
    expect(words.word).not.toBe("");
    expect(words.note).not.toBe("");
  });
  check("keyring", "live");
  check("file", "live");
  check("memory", "needs_you");
  check("nowhere", "needs_you");
});

describe("what is asked before a buyer is erased", () => {
  type Facts = Pick<OrderDetailResponse, "order" | "erased_at" | "lines">;
  const facts = (open: number, fulfilled_by: string, erased_at: string | null) => ({
    order: { account: "shop", order_id: "17", fulfilled_by }, erased_at, lines: [{ open }],
  }) as unknown as Facts;

  it("names the order and says that it is for good", () => {
    const asked = eraseQuestion(facts(0, "seller", null));
    expect(asked).toMatchObject({ name: "shop/17", warning: null, gone: null });
    expect(asked.text).toContain("cannot be taken back");
  });

  it("warns where the address is still needed", () => {
    expect(eraseQuestion(facts(2, "seller", null)).warning).toContain("still has to be shipped");
    expect(eraseQuestion(facts(2, "marketplace", null)).warning).toBeNull();
  });

  it("says that nobody is left", () => {
    expect(eraseQuestion(facts(0, "seller", "2026-11-22T08:00:00Z")).gone).toContain("was erased before");
  });
});
