import { expect, it } from "vitest";

import { Steady, STEADY_MS } from "./steady";

it("a question takes no press until it has stood for a moment", () => {
  let now = 1_000;
  const steady = new Steady(() => now);
  steady.shows("62 prices at eBay");
  expect(steady.takes()).toBe(true);
  steady.shows("end 3 listings at Walmart");
  expect(steady.takes()).toBe(false);
  now += STEADY_MS - 1;
  steady.shows("end 3 listings at Walmart");
  expect(steady.takes()).toBe(false);
  now += 1;
  expect(steady.takes()).toBe(true);
});
