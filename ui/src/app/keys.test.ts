import { describe, expect, it } from "vitest";

import { chordOf, keyCaps, Scanner, Sequence } from "./keys";

describe("chords", () => {
  const check = (key: string, more: KeyboardEventInit, mac: boolean, expected: string) =>
    it(expected, () => expect(chordOf(new KeyboardEvent("keydown", { key, ...more }), mac)).toBe(expected));
  check("k", { ctrlKey: true }, false, "Mod+K");
  check("k", { metaKey: true }, true, "Mod+K");
  check("Z", { ctrlKey: true, shiftKey: true }, false, "Mod+Shift+Z");
  check("F6", { shiftKey: true }, false, "Shift+F6");
  check("?", { shiftKey: true }, false, "?");
  check(" ", {}, false, "Space");
  check("X", { shiftKey: true }, false, "Shift+X");
  check(",", { ctrlKey: true }, false, "Mod+,");
  check("\\", { ctrlKey: true }, false, "Mod+\\");
});

it("caps as they are shown", () => {
  expect([keyCaps("Mod+Shift+S", {}, false), keyCaps("G H", {}, false), keyCaps("Mod+K", {}, true)]).toEqual([["Ctrl Shift S"], ["G", "H"], ["⌘ K"]]);
});

describe("two keys, one after the other", () => {
  it("in time", () => {
    const sequence = new Sequence(1000);
    expect(sequence.names("G", 0)).toEqual(["G"]);
    sequence.begin("G", 0);
    expect(sequence.names("H", 900)).toEqual(["G H", "H"]);
    expect(sequence.names("H", 950)).toEqual(["H"]);
  });
  it("too late", () => {
    const sequence = new Sequence(1000);
    sequence.begin("G", 0);
    expect(sequence.names("H", 1001)).toEqual(["H"]);
  });
});

describe("a scanner is told from a hand", () => {
  const write = (text: string, gap: number) => {
    const scanner = new Scanner(35, 4);
    let at = 1000;
    for (const sign of text) scanner.sign(sign, (at += gap));
    return scanner.enter(at + gap);
  };
  const check = (text: string, gap: number, expected: string | null) =>
    it(`${text} every ${gap} ms`, () => expect(write(text, gap)).toBe(expected));
  check("0843591070690", 8, "0843591070690");
  check("0843591070690", 120, null);
  check("123", 8, null);
});
