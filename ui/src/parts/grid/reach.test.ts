import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { FakeHost } from "$src/backend/fake";
import { useTransport } from "$src/backend/host";

import { heldAmong, reach, REACHED_MAX } from "./reach";
import { PAGE, Rows } from "./rows.svelte";

const asked: [number, number][] = [];

function list(total: number): Rows<number> {
  return new Rows<number>({
    key: String,
    tags: [],
    page: async (at, limit) => {
      asked.push([at, limit]);
      return { rows: Array.from({ length: Math.max(0, Math.min(limit, total - at)) }, (_, n) => at + n), total };
    },
  });
}

describe("rows that are not held", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    useTransport(new FakeHost());
    asked.length = 0;
  });
  afterEach(() => void vi.useRealTimers());

  it("are read in long pages, from the first to the last", async () => {
    const rows = list(5_000);
    rows.ask();
    await vi.advanceTimersByTimeAsync(0);
    expect(heldAmong(rows, { first: 0, last: PAGE - 1 })).toHaveLength(PAGE);
    expect(heldAmong(rows, { first: 0, last: PAGE })).toBeNull();
    asked.length = 0;
    const found = await reach(rows, { first: 50, last: 2_049 });
    expect([found?.length, found?.[0], found?.at(-1)]).toEqual([2_000, 50, 2_049]);
    expect(asked).toEqual([[50, 1_000], [1_050, 1_000]]);
    rows.close();
  });

  it("are none where they are too many, or where the list has become another", async () => {
    const rows = list(50_000);
    expect(await reach(rows, { first: 0, last: REACHED_MAX })).toBeNull();
    const reading = reach(rows, { first: 0, last: 10 });
    rows.ask();
    expect(await reading).toBeNull();
    rows.close();
  });
});
