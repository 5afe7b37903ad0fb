import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { findsBeginnings, PAUSE_MS, Typing } from "./search";

const check = (text: string | null, expected: boolean) => it(JSON.stringify(text), () => expect(findsBeginnings(text)).toBe(expected));

check(null, false);
check("  ", false);
check("ab", true);
check("音箱", true);
check("a 12", true);
check("abc", false);
check("tv sony", false);

describe("what is typed is asked for at once, and not more often than a while", () => {
  let asked: string[];
  let typing: Typing;
  beforeEach(() => {
    vi.useFakeTimers();
    asked = [];
    typing = new Typing((text) => asked.push(text), () => Date.now());
  });
  afterEach(() => vi.useRealTimers());

  it("the first sign does not wait", () => {
    typing.write("l");
    expect(asked).toEqual(["l"]);
  });

  it("signs that follow quickly are one question, of all of them", () => {
    for (const text of ["l", "la", "lam", "lamp"]) typing.write(text);
    expect(asked).toEqual(["l"]);
    vi.advanceTimersByTime(PAUSE_MS);
    expect(asked).toEqual(["l", "lamp"]);
  });

  it("one who types without a pause is answered on the way", () => {
    for (let signs = 1; signs <= 10; signs += 1) {
      typing.write("x".repeat(signs));
      vi.advanceTimersByTime(PAUSE_MS / 2);
    }
    vi.advanceTimersByTime(PAUSE_MS);
    expect(asked.length).toBeGreaterThan(3);
    expect(asked.at(-1)).toBe("x".repeat(10));
  });

  it("what was given up is not asked for later", () => {
    typing.write("l");
    typing.write("la");
    typing.stop();
    vi.advanceTimersByTime(PAUSE_MS * 2);
    expect(asked).toEqual(["l"]);
  });
});
