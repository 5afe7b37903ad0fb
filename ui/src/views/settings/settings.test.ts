import { describe, expect, it } from "vitest";

import { intervals, intervalWord, languages } from "./choices";

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
