/** A preview by cause: mistakes first, then what changes, then what stays. */

import type { ImportPreviewResponse, IssueGroupView, RowChange, RowState } from "$src/backend/bindings";
import type { StateName } from "$src/parts/states";
import { quantity } from "$src/parts/format";
import { m } from "$words";

import { causeWord, fieldWord } from "./words";

/** Where rows of a group are asked for; null where there are none to show. */
export type Source =
  | { of: "rows"; state: RowState; field: string | null }
  | { of: "issues"; kind: string; column: string | null };

export interface Group {
  /** As it stands in the address. */
  id: string;
  count: number;
  state: StateName;
  word: string;
  title: string;
  note: string;
  source: Source | null;
  /** Shown open at first. */
  open: boolean;
  /** Its rows are left out. */
  refuses: boolean;
}

/** Causes whose rows are shown without a click. */
const OPEN_MAX = 2;

function issueGroup(group: IssueGroupView, place: number): Group {
  const mended = group.kind === "gtin_repaired";
  const word = group.refuses ? m.import_word_left_out() : mended ? m.import_word_mended() : m.import_word_look();
  return {
    id: `issue:${group.kind}:${group.column ?? ""}`,
    count: group.count,
    state: group.refuses ? "refused" : mended ? "live" : "needs_you",
    word,
    title: causeWord(group.kind),
    note: group.column === null ? m.import_at_line({ line: quantity(group.first.line) }) : m.import_in_column({ column: group.column, value: group.first.value }),
    source: { of: "issues", kind: group.kind, column: group.column },
    open: place < OPEN_MAX,
    refuses: group.refuses,
  };
}

function rowGroup(id: string, count: number, state: StateName, word: string, title: string, note: string, source: Source | null): Group {
  return { id, count, state, word, title, note, source, open: false, refuses: false };
}

/** The groups of a preview that have rows, in the order in which they are looked at. */
export function groupsOf(preview: ImportPreviewResponse): Group[] {
  const { import: counts, fields, issues, not_in_file } = preview;
  // Left out before mended: it is what waits for a hand.
  const mistakes = [...issues].sort((a, b) => Number(b.refuses) - Number(a.refuses)).map(issueGroup);
  const changes = fields.map(({ field, rows }) =>
    rowGroup(`field:${field}`, rows, "pending", m.import_word_change(), m.import_changes({ field: fieldWord(field) }), "",
      { of: "rows", state: "changed", field }));
  const rest = [
    rowGroup("new", counts.new, "pending", m.import_word_new(), m.import_new_products(), "", { of: "rows", state: "new", field: null }),
    rowGroup("absent", not_in_file, "off", m.import_word_no_change(), m.import_not_in_file(), m.import_stay(), null),
    rowGroup("unchanged", counts.unchanged, "off", m.import_word_no_change(), m.import_same_as_now(), "", { of: "rows", state: "unchanged", field: null }),
  ];
  const all = [...mistakes, ...changes, ...rest].filter(({ count }) => count > 0);
  // Where nothing is wrong, the first change is what is looked at.
  return mistakes.length > 0 ? all : all.map((group, place) => (place === 0 && group.source !== null ? { ...group, open: true } : group));
}

/** What can be listed row by row: all changed rows as one, then the groups. */
export function listsOf(preview: ImportPreviewResponse): Group[] {
  const groups = groupsOf(preview).filter(({ source }) => source !== null);
  const changed = preview.import.changed;
  const all = rowGroup("changed", changed, "pending", m.import_word_change(), m.import_changed_rows(), "", { of: "rows", state: "changed", field: null });
  return changed > 0 ? [all, ...groups] : groups;
}

/** Rows that would be applied. */
export function applied({ import: counts }: ImportPreviewResponse): number {
  return counts.new + counts.changed;
}

/** Rows of the file. */
export function rowsOf({ import: counts }: ImportPreviewResponse): number {
  return counts.new + counts.changed + counts.unchanged + counts.refused;
}

/** The value before and after of one field of a row. */
export function changeOf(row: RowChange, field: string): { from: string | null; to: string | null } {
  const found = row.fields.find((one) => one.field === field);
  return { from: found?.from ?? null, to: found?.to ?? null };
}

/** By how much an amount changes, as a share of 1 exact to a tenth of a percent; null where that is
 *  not known. Decimal texts, never floats. */
export function shareOf(from: string | null, to: string | null): number | null {
  const before = minor(from);
  const after = minor(to);
  if (before === null || after === null || before.value === 0n) return null;
  const digits = Math.max(before.digits, after.digits);
  const a = before.value * 10n ** BigInt(digits - before.digits);
  const b = after.value * 10n ** BigInt(digits - after.digits);
  const doubled = ((b - a) * 2_000n) / a;
  // Rounded half away from zero.
  const tenths = (doubled + (doubled < 0n ? -1n : 1n)) / 2n;
  return Number(tenths) / 1_000;
}

function minor(text: string | null): { value: bigint; digits: number } | null {
  const [, whole, fraction = ""] = /^(-?\d+)(?:\.(\d+))?(?: [A-Z]{3})?$/.exec(text ?? "") ?? [];
  return whole === undefined ? null : { value: BigInt(whole + fraction), digits: fraction.length };
}

/** By how many units a quantity changes; null where that is not known. */
export function unitsBy(from: string | null, to: string | null): number | null {
  const known = [from ?? "0", to].map((text) => (text !== null && /^-?\d+$/.test(text) ? Number(text) : null));
  const [before, after] = known;
  return before == null || after == null ? null : after - before;
}
