import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { dismiss, said } from "$src/app/notices.svelte";
import { FakeHost } from "$src/backend/fake";
import { useTransport } from "$src/backend/host";
import { m } from "$words";

import type { Column } from "./columns.svelte";
import { Editing, type OpenCell } from "./editing.svelte";
import { Rows } from "./rows.svelte";

interface Line { sku: string; price: string; revision: number }

describe("the cell that is edited", () => {
  let lines: Line[];
  let saved: { row: Line; text: string }[];
  let answers: ((refused: string | null) => void)[];
  let rows: Rows<Line>;
  let editing: Editing<Line>;
  let inList = true;
  const price: Column<Line> = {
    id: "price", title: () => "Price", width: 5, text: (row) => row.price,
    edit: {
      kind: "number", text: (row) => row.price, apply: (row, text) => ({ ...row, price: text }),
      save: (row, text) => {
        saved.push({ row, text });
        return new Promise((resolve) => answers.push(resolve));
      },
    },
  };
  const line = (sku: string, revision = 1): Line => ({ sku, price: "10", revision });
  const settle = () => vi.advanceTimersByTimeAsync(100);
  const open = () => editing.open as OpenCell<Line>;

  beforeEach(async () => {
    vi.useFakeTimers();
    useTransport(new FakeHost());
    [lines, saved, answers, inList] = [[line("A"), line("B"), line("C")], [], [], true];
    rows = new Rows({ key: ({ sku }) => sku, tags: ["products"], page: async () => ({ rows: lines, total: lines.length }) });
    editing = new Editing(() => rows, (_, wanted) => inList || wanted);
    rows.ask();
    await settle();
  });
  afterEach(() => {
    rows.close();
    for (const { id } of said.notices) dismiss(id);
    vi.useRealTimers();
  });

  it("belongs to its row, wherever the list puts that: its revision is the one that was seen", async () => {
    editing.begin(lines[0]!, price, null);
    lines = [line("B", 9), line("A", 5), line("C", 9)];
    rows.touch();
    await settle();
    editing.follow();
    expect([editing.place, open().row]).toEqual([1, line("A", 1)]);
    void editing.keep(open(), "12");
    expect(saved).toEqual([{ row: line("A", 1), text: "12" }]);
    expect([rows.at(0)?.price, rows.at(1)?.price]).toEqual(["10", "12"]);
  });

  it("is closed with a word where its row has gone, and keeps nothing then", async () => {
    editing.begin(lines[0]!, price, null);
    const cell = open();
    lines = [line("B"), line("C")];
    rows.touch();
    editing.follow();
    expect(editing.open).toBe(cell);
    await settle();
    editing.follow();
    void editing.keep(cell, "12");
    expect([editing.open, saved, said.notices.map(({ text }) => text)]).toEqual([null, [], [m.grid_moved_away({ row: "A" })]]);
  });

  it("is left at once: the next one is typed while a value is still being kept", async () => {
    editing.begin(lines[0]!, price, "12");
    void editing.keep(open(), "12");
    editing.close();
    editing.begin(lines[1]!, price, "15");
    void editing.keep(open(), "15");
    editing.close();
    expect(saved.map(({ row, text }) => [row.sku, text])).toEqual([["A", "12"], ["B", "15"]]);
    answers.forEach((answer) => answer(null));
    await settle();
    expect(said.polite).toContain(m.grid_kept({ row: "B", column: "Price", value: "15" }));
  });

  it("is opened again with what was refused, and why", async () => {
    editing.begin(lines[0]!, price, "0");
    void editing.keep(open(), "0");
    editing.close();
    answers[0]?.("More than nothing.");
    await settle();
    expect([open().key, open().typed, open().refused, rows.at(0)?.price]).toEqual(["A", "0", "More than nothing.", "10"]);
  });

  it("does not take the place of the next one: a notice says it then, and leads back", async () => {
    editing.begin(lines[0]!, price, "0");
    void editing.keep(open(), "0");
    editing.close();
    editing.begin(lines[1]!, price, "15");
    answers[0]?.("More than nothing.");
    await settle();
    expect(open().key).toBe("B");
    const [notice] = said.notices;
    expect(notice?.text).toBe(m.grid_not_kept({ row: "A", column: "Price", reason: "More than nothing." }));
    editing.close();
    notice?.action?.run();
    expect([open().key, open().typed]).toEqual(["A", "0"]);
  });
});
