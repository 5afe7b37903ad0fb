import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { readBlock, writeBlock } from "./block";
import { HeldSign } from "./heldsign";
import { gridCommand, type GridPlace } from "./keys";

const shape = { lines: 1000, columns: 8, page: 20, takesNumbers: true, editable: true, chosen: false };
const press = (key: string, more: KeyboardEventInit = {}) => new KeyboardEvent("keydown", { key, ...more });

describe("keys of a grid", () => {
  const check = (name: string, event: KeyboardEvent, expected: unknown, at: GridPlace = { line: 5, column: 3 }, own = {}) =>
    it(name, () => expect(gridCommand(event, at, { ...shape, ...own })).toEqual(expected));
  const move = (line: number, column: number, choose = false) => ({ do: "move", to: { line, column }, choose });

  check("down", press("ArrowDown"), move(6, 3));
  check("up from the first row comes to the head", press("ArrowUp"), move(-1, 3), { line: 0, column: 3 });
  check("not beyond the last row", press("PageDown"), move(999, 3), { line: 990, column: 3 });
  check("not beyond the first with a page", press("PageUp"), move(0, 3));
  check("End", press("End"), move(999, 3));
  check("next cell", press("Tab"), move(5, 4));
  check("Tab leaves at the last cell", press("Tab"), null, { line: 5, column: 7 });
  check("Shift chooses while moving", press("ArrowDown", { shiftKey: true }), move(6, 3, true));
  check("Enter edits", press("Enter"), { do: "edit" });
  check("Enter opens what is not edited", press("Enter"), { do: "open" }, undefined, { editable: false });
  check("Space opens", press(" "), { do: "open" });
  check("a number begins an edit", press("7"), { do: "type", sign: "7" });
  check("not in a text cell", press("7"), null, undefined, { takesNumbers: false });
  check("X chooses", press("x"), { do: "choose" });
  check("all found", press("a", { ctrlKey: true }), { do: "chooseAll" });
  check("fill down", press("d", { ctrlKey: true }), { do: "fillDown" });
  check("why", press("?", { shiftKey: true }), { do: "explain" });
  check("Esc clears a choice", press("Escape"), { do: "clear" }, undefined, { chosen: true });
  check("Esc is left to others without one", press("Escape"), null);
  check("Enter in the head sorts", press("Enter"), { do: "sort" }, { line: -1, column: 2 });
  check("a column grows", press("ArrowRight", { shiftKey: true }), { do: "resize", by: 1 }, { line: -1, column: 2 });
  check("other keys are left to others", press("s"), null);
});

describe("blocks as spreadsheets copy them", () => {
  const check = (text: string, cells: string[][]) => {
    it(JSON.stringify(text), () => expect(readBlock(text)).toEqual(cells));
  };
  check("1\t2\n3\t4\n", [["1", "2"], ["3", "4"]]);
  check("19.99", [["19.99"]]);
  check("a\r\nb\r\n", [["a"], ["b"]]);
  check('"two\nlines"\t"say ""no"""', [["two\nlines", 'say "no"']]);
  it("what is written is read", () => {
    const cells = [["a\tb", 'say "no"', "two\nlines"], ["", "plain", "1,5"]];
    expect(readBlock(writeBlock(cells))).toEqual(cells);
  });
});

describe("a sign that may be the first of a scan", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  /** How often it was done, when these keys follow after so many milliseconds. */
  function done(...keys: [number, string][]): number {
    const sign = new HeldSign();
    let count = 0;
    sign.hold(() => (count += 1));
    for (const [after, key] of keys) {
      vi.advanceTimersByTime(after);
      sign.next(new KeyboardEvent("keydown", { key }));
    }
    vi.advanceTimersByTime(1_000);
    return count;
  }

  it("is done when nothing follows", () => expect(done()).toBe(1));
  it("is part of what follows as fast as a scanner", () => expect([done([5, "0"], [5, "1"]), done([5, "Enter"])]).toEqual([0, 0]));
  it("is done before what a hand presses next", () => expect([done([5, "ArrowDown"]), done([60, "1"])]).toEqual([1, 1]));
});
