import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { CategorySearchResponse } from "$src/backend/bindings";

import { CategorySearch, isSearched, SEARCH_AFTER_MS } from "./categories.svelte";

const MUGS = { id: "20625", path: ["Kitchen", "Mugs"] };
const CUPS = { id: "20626", path: ["Kitchen", "Cups"] };

describe("a category by words", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("is asked for once the typing rests, and the newest words win", async () => {
    const asked: string[] = [];
    const search = new CategorySearch(async (words) => { asked.push(words); return { categories: [MUGS, CUPS], by_name: false }; });
    search.type("mu");
    search.type("mug ");
    await vi.advanceTimersByTimeAsync(SEARCH_AFTER_MS);
    expect(asked).toEqual(["mug"]);
    expect(search.chosen("mug")).toEqual(MUGS);
    expect(search.chosen("mugs")).toBeUndefined();
    search.move(-1);
    expect(search.chosen("mug")).toEqual(CUPS);
  });

  it("drops an answer that was overtaken", async () => {
    const answers: ((answer: CategorySearchResponse) => void)[] = [];
    const search = new CategorySearch(() => new Promise((resolve) => answers.push(resolve)));
    search.type("mug");
    await vi.advanceTimersByTimeAsync(SEARCH_AFTER_MS);
    search.type("cup");
    answers[0]?.({ categories: [MUGS], by_name: false });
    await vi.advanceTimersByTimeAsync(SEARCH_AFTER_MS);
    expect(search.found).toEqual([]);
    answers[1]?.({ categories: [CUPS], by_name: false });
    await vi.advanceTimersByTimeAsync(0);
    expect(search.found).toEqual([CUPS]);
  });

  it("takes numbers, names, and what nothing is known of where categories are names", async () => {
    const check = async (text: string, found: typeof MUGS[], expected: boolean, by_name = false) => {
      const search = new CategorySearch(async () => ({ categories: found, by_name }));
      search.type(text);
      await vi.advanceTimersByTimeAsync(SEARCH_AFTER_MS);
      expect(search.takes(text), text).toBe(expected);
    };
    await check("20625", [], true);
    await check("", [], true);
    await check("coffee mug", [MUGS], false);
    await check("Mugs", [{ id: "Mugs", path: ["Mugs"] }], true);
    await check("anything", [], true, true);
    await check("anything", [], false);
    await check("coffee mug", [MUGS], false, true);
    await check("a", [], false, true);
  });

  it("tells why it could not look, keeps no words for that, and looks again for the same", async () => {
    const answers = [() => Promise.reject(new Error("no keys")), () => Promise.resolve({ categories: [MUGS], by_name: true })];
    const search = new CategorySearch(() => answers.shift()?.() ?? Promise.reject(new Error("asked too often")));
    search.type("mug");
    await vi.advanceTimersByTimeAsync(SEARCH_AFTER_MS);
    expect([search.error, search.found.length, isSearched("7")]).toEqual(["no keys", 0, false]);
    expect([search.takes("mug"), search.chosen("mug"), search.takes("20625")]).toEqual([false, undefined, true]);
    search.type("mug");
    await vi.advanceTimersByTimeAsync(SEARCH_AFTER_MS);
    expect([search.error, search.chosen("mug")]).toEqual([null, MUGS]);
  });
});
