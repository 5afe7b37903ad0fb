import { describe, expect, it } from "vitest";

import { fitColumns, fits, Lines, roomOf, rowsAmong, ScrollSpace } from "./layout";

describe("columns leave in their order, the title gives way last", () => {
  const columns = [
    { id: "sku", width: 8 }, { id: "title", width: 9, flex: 1 }, { id: "price", width: 5 },
    { id: "margin", width: 4, leaves: 6 }, { id: "cost", width: 5, leaves: 4 },
  ];
  const check = (available: number, expected: string[], title: number) =>
    it(`${available} px`, () => {
      const fitted = fitColumns(columns, available, 16);
      expect([...fitted.keys()]).toEqual(expected);
      expect(fitted.get("title")).toBe(title);
    });
  check(1000, ["sku", "title", "price", "margin", "cost"], 144 + 504);
  check(496, ["sku", "title", "price", "margin", "cost"], 144);
  check(495, ["sku", "title", "price", "cost"], 144 + 63);
  check(400, ["sku", "title", "price"], 144 + 48);
  check(176, ["sku", "title", "price"], 72);
});

describe("room that is left is shared, up to what a column has use for", () => {
  const columns = [{ id: "sku", width: 8, flex: 0.5, most: 16 }, { id: "title", width: 9, flex: 1 }, { id: "price", width: 5 }];
  const check = (available: number, expected: [string, number][]) =>
    it(`${available} px`, () => expect([...fitColumns(columns, available, 16)]).toEqual(expected));
  check(352, [["sku", 128], ["title", 144], ["price", 80]]);
  check(652, [["sku", 228], ["title", 344], ["price", 80]]);
  check(1352, [["sku", 256], ["title", 1016], ["price", 80]]);
  it("nothing else can take it", () =>
    expect([...fitColumns(columns.slice(0, 1), 999, 16)]).toEqual([["sku", 256]]));
});

describe("rows with group lines among them", () => {
  const lines = new Lines(10, [{ at: 0, title: "Today" }, { at: 4, title: "Tomorrow" }, { at: 4, title: "Later" }]);
  const told = Array.from({ length: lines.count }, (_, line) => {
    const found = lines.at(line);
    return "row" in found ? found.row : found.group.title;
  });
  it("each line is a row or a group", () =>
    expect(told).toEqual(["Today", 0, 1, 2, 3, "Tomorrow", "Later", 4, 5, 6, 7, 8, 9]));
  it("each row knows its line", () => {
    for (let row = 0; row < 10; row += 1) expect(lines.at(lines.lineOf(row))).toEqual({ row });
  });
});

describe("a list taller than an element can be", () => {
  it("a short one scrolls as it is", () => {
    const space = new ScrollSpace(2_800, 700);
    expect([space.height, space.place(350), space.scrollTop(350), space.place(9_999)]).toEqual([2_800, 350, 350, 2_100]);
  });
  it("walks pixel by pixel and jumps in proportion", () => {
    const space = new ScrollSpace(50_000, 500, 10_000);
    expect(space.height).toBe(10_000);
    expect(space.place(100)).toBe(100);
    expect(space.place(120)).toBe(120);
    const middle = space.place(4_750);
    expect(Math.abs(middle - 24_750)).toBeLessThan(2);
    expect(space.place(4_780) - middle).toBe(30);
    expect(space.place(9_500)).toBe(49_500);
    expect(space.place(0)).toBe(0);
  });
  it("goes where it is told to, and stays there", () => {
    const space = new ScrollSpace(50_000, 500, 10_000);
    for (const place of [0, 12_345, 49_500, 7]) expect(Math.abs(space.place(space.scrollTop(place)) - place)).toBeLessThan(2);
  });
});

describe("a number that surely has room is not cut", () => {
  const check = (text: string, rem: number, expected: boolean) =>
    it(`${text} in ${rem}`, () => expect(fits(text, roomOf(rem * 16, 16))).toBe(expected));
  check("", 3, true);
  check("1,181.76", 5.5, true);
  check("1,181.76", 4.5, false);
  check("1,234,567.89 USD", 5.5, false);
  check("24.0 %", 4.75, true);
  check("一二三四五", 4.75, false);
});

describe("the rows among some lines; a group stands for the row below it", () => {
  const lines = new Lines(10, [{ at: 0, title: "a" }, { at: 4, title: "b" }]);
  const check = (from: number, count: number, first: number, last: number) =>
    it(`${count} from ${from}`, () => expect(rowsAmong(lines, from, count)).toEqual({ first, last }));
  check(0, 1, 0, 0);
  check(0, 5, 0, 3);
  check(2, 4, 1, 4);
  check(6, 100, 4, 9);
  it("none", () => expect(rowsAmong(new Lines(0), 0, 40)).toEqual({ first: 0, last: 0 }));
});
