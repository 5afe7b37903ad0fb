import { beforeEach, describe, expect, test } from "vitest";

import type { ImportOpenResponse, ImportPreviewResponse, OpenColumn, RowChange } from "$src/backend/bindings";
import { CallError } from "$src/backend/error";
import { FakeHost } from "$src/backend/fake";
import { useTransport } from "$src/backend/host";

import { stays } from "./earlier";
import { groupsOf, listsOf, rowsOf, shareOf, unitsBy } from "./groups";
import { encodingChoice, ENCODINGS, formParts, mendedByForm, RECOGNISED, withPart } from "./form";
import { assign, carried, choicesFor, howOf, mapOf, namedPart, openDefaults, withDefault } from "./mapping";
import { BLOCK, CursorPages } from "./pager";
import { typedPath } from "./path";
import { changesText, lineOfRow } from "./rowlist.svelte";
import { ImportSession } from "./session.svelte";
import { fieldWord, sizeWord, valueWord } from "./words";

function column(name: string, field: string, more: Partial<OpenColumn> = {}): OpenColumn {
  return { column: name, field, known: false, unit: null, unit_assumed: false, samples: [], ...more };
}

const COUNTS = { new: 1, changed: 2, unchanged: 3, refused: 4 };

function preview(more: Partial<ImportPreviewResponse> = {}, counts: Partial<typeof COUNTS> = {}): ImportPreviewResponse {
  return {
    staged: 7, fields: [], issues: [], not_in_file: 0, summary: "",
    import: {
      id: null, file: "a.csv", layout: "plain", encoding: "utf8", delimiter: ";", ...COUNTS, ...counts,
      derived_skus: 0, same_as: null, defaults: {}, mapping: [],
    },
    ...more,
  };
}

function issue(kind: string, refuses: boolean, count: number, of: string | null = "EAN") {
  return { kind, column: of, refuses, count, first: { line: 5, column: of, value: "x", kind, reason: "" } };
}

describe("mapping", () => {
  test("a field has one column: taking it frees the other", () => {
    expect(assign(["sku", "price", "ignore"], 2, "price")).toEqual(["sku", "ignore", "price"]);
    expect(assign(["sku", "ignore", "title"], 2, "ignore")).toEqual(["sku", "ignore", "ignore"]);
  });

  test("the host is told each header once, without what belongs to the layout", () => {
    const columns = [column("SKU", "sku"), column("Type", "layout"), column("", "ignore"), column("SKU", "mpn"), column("Note", "ignore")];
    expect(mapOf(columns, ["sku", "layout", "ignore", "mpn", "ignore"])).toEqual([
      { name: "SKU", value: "sku" }, { name: "Note", value: "ignore" },
    ]);
  });

  test("how it came that a column is taken for something", () => {
    const check = (one: OpenColumn, use: string, expected: string) => expect(howOf(one, use)).toBe(expected);
    check(column("EAN", "gtin", { known: true }), "gtin", "known");
    check(column("EAN", "gtin"), "gtin", "guessed");
    check(column("EAN", "gtin"), "mpn", "chosen");
    check(column("EAN", "gtin"), "ignore", "left_out");
    check(column("Weight", "weight", { unit: "kg", unit_assumed: true }), "weight", "assumed");
    check(column("Published", "layout"), "layout", "layout");
  });

  test("what a column is taken for stands among its choices, whatever its name", () => {
    const values = choicesFor(["sku"], "Farbe", "attribute:Colour").map(({ value }) => value);
    expect(values).toEqual(["ignore", "sku", "attribute:Colour", "option:Farbe", "attribute:Farbe", "variant_attribute:Farbe"]);
    expect(namedPart("attribute:Colour: outside")).toEqual({ kind: "attribute", name: "Colour: outside" });
    expect(namedPart("price")).toBeNull();
  });

  test("what was chosen by hand stays with its column when the file is read another way", () => {
    const before = [column("SKU", "sku"), column("Text", "title"), column("UVP", "compare_at"), column("Gr\u00c3\u00b6sse", "ignore")];
    const now = [column("SKU", "sku"), column("Text", "title"), column("UVP", "compare_at"), column("Gr\u00f6sse", "ignore")];
    expect(carried(before, ["sku", "ignore", "price", "attribute:Size"], now)).toEqual(["sku", "ignore", "price", "ignore"]);
    expect(carried(before, ["sku", "title", "sku", "ignore"], now)).toEqual(["ignore", "title", "sku", "ignore"]);
  });

  test("values for blank cells are one for each field", () => {
    const one = withDefault([], "brand", " Sony ");
    expect(one).toEqual([{ name: "brand", value: "Sony" }]);
    expect(withDefault(one, "brand", "")).toEqual([]);
    expect(withDefault(one, "brand", "JBL")).toEqual([{ name: "brand", value: "JBL" }]);
    expect(openDefaults(["sku", "brand", "condition", "images"], one)).toEqual(["condition", "images"]);
  });
});

describe("a path that is typed or pasted", () => {
  const check = (text: string, expected: string) => test(text, () => expect(typedPath(text)).toBe(expected));
  check("  /home/ana/list.csv\n", "/home/ana/list.csv");
  check('"C:\\Users\\Ana\\my list.csv"', "C:\\Users\\Ana\\my list.csv");
  check("'/home/ana/my list.csv'", "/home/ana/my list.csv");
  check("file:///home/ana/my%20list.csv", "/home/ana/my list.csv");
  check("file:///C:/lists/a.csv", "C:/lists/a.csv");
  check("file:///home/100%", "file:///home/100%");
  check("/home/ana's/list.csv", "/home/ana's/list.csv");
  check("   ", "");
});

describe("how a file is written", () => {
  const opened = { encoding: "windows1252", delimiter: ",", numbers: "point" } as ImportOpenResponse;

  test("each part tells what was recognised, or takes back what was said", () => {
    const [encoding, delimiter] = formParts(RECOGNISED, opened);
    expect([encoding?.value, encoding?.choices[0]?.label]).toEqual(["", "as recognised: Western European (Windows-1252)"]);
    expect(delimiter?.choices[0]?.label).toBe("as recognised: comma");
    const said = withPart(RECOGNISED, "encoding", "big5");
    expect(said).toEqual({ encoding: "big5", delimiter: null, numbers: null });
    expect(formParts(said, opened)[0]).toMatchObject({ value: "big5", choices: [{ value: "", label: "recognise it" }, ...ENCODINGS.map((value) => ({ value, label: encodingChoice(value) }))] });
    expect(withPart(said, "encoding", "")).toEqual(RECOGNISED);
  });

  test("it is asked for where it may be what is wrong", () => {
    const check = (kind: "not_a_table" | "file_not_found", why: string, expected: boolean) =>
      expect(mendedByForm(new CallError({ kind, params: { why }, message: "" }))).toBe(expected);
    check("not_a_table", "encoding", true);
    check("not_a_table", "no_header", true);
    check("not_a_table", "empty", false);
    check("file_not_found", "", false);
  });
});

describe("groups", () => {
  test("what is left out stands first, what stays as it is last, nothing that has no rows", () => {
    const groups = groupsOf(preview({
      fields: [{ field: "price", rows: 2 }],
      issues: [issue("gtin_repaired", false, 9), issue("not_an_amount", true, 3, null)],
      not_in_file: 5,
    }, { new: 0 }));
    expect(groups.map(({ id, count, state }) => [id, count, state])).toEqual([
      ["issue:not_an_amount:", 3, "refused"], ["issue:gtin_repaired:EAN", 9, "live"],
      ["field:price", 2, "pending"], ["absent", 5, "off"], ["unchanged", 3, "off"],
    ]);
  });

  test("all changed rows are a list of their own; what the file does not name is none", () => {
    expect(listsOf(preview({ not_in_file: 5 })).map(({ id }) => id)).toEqual(["changed", "new", "unchanged"]);
    expect(rowsOf(preview())).toBe(10);
  });

  test("by how much an amount changes, exact", () => {
    const check = (from: string | null, to: string | null, expected: number | null) => expect(shareOf(from, to)).toBe(expected);
    check("234.00 USD", "149.00 USD", -0.363);
    check("0.30 USD", "0.303 USD", 0.01);
    check("900719925474099301.00 USD", "1801439850948198602.00 USD", 1);
    check("3 EUR", "2 EUR", -0.333);
    check("0.00 USD", "1.00 USD", null);
    check(null, "1.00 USD", null);
    expect(unitsBy("3", "12")).toBe(9);
    expect(unitsBy(null, "12")).toBe(12);
    expect(unitsBy("3", null)).toBeNull();
  });
});

describe("words", () => {
  test("values read as people write them", () => {
    const check = (field: string, text: string | null, expected: string) => expect(valueWord(field, text)).toBe(expected);
    check("price", "1234.50 USD", "1,234.50");
    check("quantity", "1200", "1,200");
    check("weight", "0.6 kilogram", "0.6 kilogram");
    check("attributes", '{"Colour":["blue","red"],"Size":["M"]}', "Colour: blue, red; Size: M");
    check("attributes", "{broken", "{broken");
    check("brand", null, "–");
    expect(fieldWord("attribute:Colour")).toContain("Colour");
    expect(fieldWord("something_new")).toBe("something_new");
    expect([sizeWord(999), sizeWord(57_523), sizeWord(7_488_342)]).toEqual(["999 bytes", "57.5 kB", "7.5 MB"]);
  });

  test("a changed row tells old and new, a new one what it says", () => {
    const row: RowChange = { line: 2, sku: "A", title: "A", state: "changed", fields: [{ field: "price", from: "1.00 USD", to: "2.00 USD" }, { field: "brand", from: null, to: "B" }] };
    expect(changesText(lineOfRow(row, "price"))).toBe("1.00 → 2.00");
    expect(changesText(lineOfRow({ ...row, state: "new" }, null))).toBe("Price 2.00, Brand B");
  });

  test("what stays after taking back is told by SKU", () => {
    const refused = (sku: string, field: string) => ({ account: null, sku, order: null, kind: "changed_later", field, reason: "", vendor: null });
    const told = stays([refused("A", "price"), refused("B", "title"), refused("A", "quantity")]);
    expect(told.map(({ sku, fields }) => [sku, fields.length])).toEqual([["A", 2], ["B", 1]]);
  });
});

describe("pages by position", () => {
  const COUNT = 2_500;
  let asked: (number | null)[];
  let pages: CursorPages<number, number>;

  beforeEach(() => {
    asked = [];
    pages = new CursorPages(async (after: number | null, limit) => {
      asked.push(after);
      const first = after ?? 0;
      const rows = Array.from({ length: Math.min(limit, COUNT - first) }, (_, at) => first + at);
      return { rows, next: first + limit < COUNT ? first + limit : null };
    });
  });

  test("a far page is reached by cursors, and the way is walked once", async () => {
    expect((await pages.page(2_400, 100))[0]).toBe(2_400);
    expect(asked).toEqual([null, BLOCK, 2 * BLOCK]);
    expect(await pages.page(950, 100)).toEqual(Array.from({ length: 100 }, (_, at) => 950 + at));
    expect(asked).toHaveLength(3);
  });

  test("pages that are asked for at once do not walk twice; behind the end is nothing", async () => {
    await Promise.all([pages.page(0, 100), pages.page(100, 100), pages.page(1_200, 100)]);
    expect(asked).toEqual([null, BLOCK]);
    expect(await pages.page(2_450, 100)).toHaveLength(50);
    expect(await pages.page(9_000, 100)).toEqual([]);
  });
});

describe("the file on its way in", () => {
  const OPENED = {
    file: "a.csv", bytes: 10, layout: "plain", encoding: "utf8", delimiter: ";", numbers: "point",
    columns: [column("Artikel", "sku"), column("UVP", "compare_at")], fields: ["sku", "price"], profile: "Ingram", defaults: [], profiles: ["Ingram"],
  };
  let host: FakeHost;
  let session: ImportSession;

  beforeEach(() => {
    host = new FakeHost({
      import_open: ({ form }) => ({ ...OPENED, form: form ?? RECOGNISED }),
      import_preview: () => preview(),
      import_apply: () => ({ import: { ...preview().import, id: 2 }, summary: "done" }),
      import_drop: () => ({ done: 1, held: [], refused: [] }),
    });
    useTransport(host);
    session = new ImportSession();
  });

  const requests = (name: string) => host.asked.filter((one) => one.name === name).map(({ request }) => request);

  test("it is opened, looked at and applied as it was shown, under its profile", async () => {
    await session.open("/x/a.csv");
    expect(requests("import_preview")[0]).toMatchObject({ file: "/x/a.csv", map: [{ name: "Artikel", value: "sku" }, { name: "UVP", value: "compare_at" }] });
    expect(session.ready).toBe(true);
    await session.apply();
    expect(requests("import_apply")[0]).toMatchObject({ staged: 7, profile: "Ingram" });
    expect(session.phase).toBe("applied");
  });

  test("what is stopped while it is applied can be applied again, and nothing else is opened meanwhile", async () => {
    let refuse: (error: Error) => void = () => undefined;
    host.answers.import_apply = () => new Promise((_, reject) => { refuse = reject; });
    await session.open("/x/a.csv");
    const applying = session.apply();
    expect(session.phase).toBe("applying");
    await session.open("/x/b.csv");
    await session.leave();
    expect([session.path, session.phase, requests("import_open").length, requests("import_drop").length]).toEqual(["/x/a.csv", "applying", 1, 0]);
    refuse(new CallError({ kind: "cancelled", params: {}, message: "Stopped." }));
    await applying;
    expect([session.phase, session.stopped, session.error, session.ready]).toEqual(["open", true, null, true]);
    host.answers.import_apply = () => ({ import: { ...preview().import, id: 2 }, summary: "done" });
    await session.apply();
    expect([session.phase, session.stopped]).toEqual(["applied", false]);
  });

  test("a changed column cannot be applied before it was looked at again", async () => {
    await session.open("/x/a.csv");
    session.take(1, "price");
    expect([session.stale, session.ready]).toEqual([true, false]);
    await session.apply();
    expect(requests("import_apply")).toHaveLength(0);
    await session.check();
    expect(requests("import_preview").at(-1)).toMatchObject({ map: [{ name: "Artikel", value: "sku" }, { name: "UVP", value: "price" }] });
    expect([session.stale, session.ready]).toEqual([false, true]);
  });

  test("said to be written otherwise it is opened and looked at again, with what was chosen by hand", async () => {
    await session.open("/x/a.csv");
    session.take(1, "price");
    await session.reform({ encoding: "big5", delimiter: null, numbers: null });
    const form = { encoding: "big5", delimiter: null, numbers: null };
    expect(requests("import_open").at(-1)).toMatchObject({ file: "/x/a.csv", profile: "Ingram", form });
    expect(requests("import_preview").at(-1)).toMatchObject({ form, map: [{ name: "Artikel", value: "sku" }, { name: "UVP", value: "price" }] });
    expect([session.stale, session.checking, session.ready]).toEqual([false, false, true]);
    await session.open("/x/b.csv");
    expect(requests("import_open").at(-1)).toMatchObject({ file: "/x/b.csv", form: null });
  });

  test("it is written as its profile says; looked at again, that is said", async () => {
    const form = { encoding: "big5", delimiter: "|", numbers: null };
    host.answers.import_open = () => ({ ...OPENED, form });
    await session.open("/x/a.csv");
    expect(requests("import_open").at(-1)).toMatchObject({ form: null });
    expect(session.form).toEqual(form);
    expect(requests("import_preview").at(-1)).toMatchObject({ form });
    await session.open("/x/a.csv");
    expect(requests("import_open").at(-1)).toMatchObject({ form });
    await session.open("/x/a.csv", "Ingram");
    expect(requests("import_open").at(-1)).toMatchObject({ profile: "Ingram", form: null });
  });

  test("a file that could not be opened is, once it is said how it is written", async () => {
    const answer = host.answers.import_open;
    host.answers.import_open = () => { throw new CallError({ kind: "not_a_table", params: { why: "encoding" }, message: "?" }); };
    await session.open("/x/a.csv");
    expect([session.phase, mendedByForm(session.error)]).toEqual(["opening", true]);
    host.answers.import_open = answer;
    await session.reform(withPart(RECOGNISED, "encoding", "shift_jis"));
    expect([session.phase, session.error, session.profile, session.ready]).toEqual(["open", null, "Ingram", true]);
  });

  test("what fails keeps what was shown; what is stopped says so", async () => {
    await session.open("/x/a.csv");
    host.answers.import_preview = () => { throw new CallError({ kind: "invalid_input", params: {}, message: "no" }); };
    session.fill("price", "x");
    await session.check();
    expect([session.error instanceof CallError, session.preview !== null, session.ready]).toEqual([true, true, false]);
    host.answers.import_preview = () => { throw new CallError({ kind: "cancelled", params: {}, message: "stopped" }); };
    session.error = null;
    await session.check();
    expect([session.stopped, session.error, session.checking]).toEqual([true, null, false]);
  });

  test("a file that cannot be read is told, and one that is let go is dropped at the host", async () => {
    await session.open("/x/a.csv");
    await session.leave();
    expect([session.phase, requests("import_drop").length]).toEqual(["none", 1]);
    host.answers.import_open = () => { throw new CallError({ kind: "file_not_found", params: {}, message: "none" }); };
    await session.open("/x/b.csv");
    expect([session.error instanceof CallError, session.phase]).toEqual([true, "opening"]);
  });
});
