/** A list of a preview row by row, of any length. */

import type { IssueView, RowChange } from "$src/backend/bindings";
import { call } from "$src/backend/host";
import { NONE, quantity } from "$src/parts/format";
import type { Column } from "$src/parts/grid/columns.svelte";
import { Rows } from "$src/parts/grid/rows.svelte";
import { m } from "$words";

import { change, changes } from "./Cells.svelte";
import { changeOf, type Group, type Source } from "./groups";
import { CursorPages } from "./pager";
import { fieldWord, isNumber, valueWord } from "./words";

/** A line of the list: a row with what it changes, or a mistake. */
export interface Line {
  line: number;
  sku: string | null;
  title: string | null;
  row: RowChange | null;
  issue: IssueView | null;
  /** The one field that the list is of. */
  field: string | null;
}

export function lineOfRow(row: RowChange, field: string | null): Line {
  return { line: row.line, sku: row.sku, title: row.title, row, issue: null, field };
}

export function lineOfIssue(issue: IssueView): Line {
  return { line: issue.line, sku: null, title: null, row: null, issue, field: null };
}

/** Everything that a row changes, as one text: `Price 13.50 → 14.00, On hand 3 → 7`. */
export function changesText({ row, field }: Line): string {
  if (row === null) return "";
  const fields = field === null ? row.fields : row.fields.filter((one) => one.field === field);
  return fields.map(({ field: code, from, to }) => {
    const after = valueWord(code, to);
    const value = row.state === "new" ? after : `${valueWord(code, from)} → ${after}`;
    return field === null ? `${fieldWord(code)} ${value}` : value;
  }).join(", ");
}

function pagesOf(staged: number, source: Source): (at: number, limit: number) => Promise<readonly Line[]> {
  if (source.of === "rows") {
    const { state, field } = source;
    const pages = new CursorPages<Line, number>(async (after, limit) => {
      const { rows, next } = await call("import_rows", { staged, state, field, after, limit });
      return { rows: rows.map((row) => lineOfRow(row, field)), next };
    });
    return (at, limit) => pages.page(at, limit);
  }
  const { kind, column } = source;
  const pages = new CursorPages<Line, string>(async (after, limit) => {
    const { issues, next } = await call("import_issues", { staged, kind, column, after, limit });
    return { rows: issues.map(lineOfIssue), next };
  });
  return (at, limit) => pages.page(at, limit);
}

/** The rows of a group. They are of one preview: nothing that changes later touches them. */
export function groupRows(staged: number, group: Group): Rows<Line> {
  const page = group.source === null ? async () => [] : pagesOf(staged, group.source);
  return new Rows<Line>({
    key: ({ line, issue }) => (issue === null ? String(line) : `${line} ${issue.column ?? ""}`),
    tags: [],
    page: async (at, limit) => ({ rows: await page(at, limit), total: group.count }),
  });
}

export function lineColumns({ source }: Group): Column<Line>[] {
  const line: Column<Line> = { id: "line", title: m.import_head_line, width: 4.5, end: true, quiet: true, leaves: 2, text: (one) => quantity(one.line) };
  if (source?.of === "issues") {
    return [
      line,
      { id: "value", title: m.import_head_in_file, width: 11, text: ({ issue }) => issue?.value || NONE },
      { id: "reason", title: m.import_head_why, width: 14, flex: 1, quiet: true, text: ({ issue }) => issue?.reason ?? "" },
    ];
  }
  const field = source?.field ?? null;
  const end = field !== null && isNumber(field);
  const goods: Column<Line>[] = [
    line,
    { id: "sku", title: m.import_field_sku, width: 8.5, flex: 0.5, most: 20, quiet: true, text: ({ sku }) => sku ?? NONE },
    { id: "title", title: m.import_field_title, width: 10, flex: 1, text: ({ title }) => title ?? NONE },
  ];
  if (source?.state === "unchanged") return goods;
  if (field !== null) return [...goods, { id: "change", title: () => fieldWord(field), width: end ? 12 : 16, flex: end ? 0 : 1, end, text: changesText, cell: change }];
  return [...goods, { id: "changes", title: m.import_head_changes, width: 14, flex: 2, quiet: true, text: changesText, cell: changes }];
}

/** Old and new of the one field that a list is of. */
export function oneChange({ row, field }: Line): { from: string; to: string } {
  if (row === null || field === null) return { from: NONE, to: NONE };
  const { from, to } = changeOf(row, field);
  return { from: valueWord(field, from), to: valueWord(field, to) };
}
