import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { tryAgain } from "./again";

const FAILED = { error: new Error("no disk"), loading: false };
const THERE = { error: undefined, loading: false };

describe("what could not be read is tried again by itself", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("ever more rarely, but within the minute, until it is there", () => {
    const again = vi.fn();
    const { told } = tryAgain(again);
    const tries = (ms: number, expected: number) => {
      vi.advanceTimersByTime(ms);
      expect(again, `after ${ms}`).toHaveBeenCalledTimes(expected);
    };
    told(FAILED);
    tries(5_000, 1);
    told({ ...FAILED, loading: true });
    tries(60_000, 1);
    told(FAILED);
    told(FAILED);
    tries(9_999, 1);
    tries(1, 2);
    for (let count = 3; count < 8; count += 1) {
      told(FAILED);
      tries(60_000, count);
    }
    told(THERE);
    tries(120_000, 7);
    told(FAILED);
    tries(5_000, 8);
  });

  it("not where nobody looks any more", () => {
    const again = vi.fn();
    const { told, stop } = tryAgain(again);
    told(FAILED);
    stop();
    vi.advanceTimersByTime(600_000);
    expect(again).not.toHaveBeenCalled();
  });
});
