/** What each column of a file is taken for, and what fills cells that it leaves blank. */

import type { NamedValue, OpenColumn } from "$src/backend/bindings";
import type { StateName } from "$src/parts/states";
import { m } from "$words";

import { fieldWord } from "./words";

/** What the columns are taken for, by their places in the file. */
export type Uses = readonly string[];

/** Kinds of goods' own properties: they carry a name of their own. */
export const NAMED_KINDS = ["option", "attribute", "variant_attribute"] as const;
export type NamedKind = (typeof NAMED_KINDS)[number];

/** What a column is taken for that belongs to the file's own layout and stays. */
export const LAYOUT = "layout";
export const IGNORE = "ignore";

export function usesOf(columns: readonly OpenColumn[]): Uses {
  return columns.map(({ field }) => field);
}

/** Takes a column for something. What only one column can be is taken from the one that was it. */
export function assign(uses: Uses, place: number, field: string): Uses {
  return uses.map((use, at) => {
    if (at === place) return field;
    return use === field && field !== IGNORE ? IGNORE : use;
  });
}

/** What columns are taken for when the file is read another way: what was chosen by hand stays with
 *  the column of that name. */
export function carried(before: readonly OpenColumn[], uses: Uses, now: readonly OpenColumn[]): Uses {
  const chosen = new Map(before.flatMap(({ column, field }, place) => {
    const use = uses[place];
    return use === undefined || use === field ? [] : [[column, use] as const];
  }));
  return now.reduce<Uses>((kept, { column, field }, place) => {
    const use = chosen.get(column);
    return use === undefined || field === LAYOUT ? kept : assign(kept, place, use);
  }, usesOf(now));
}

/** Columns as the host is told: by their headers, each once, without those of the layout. */
export function mapOf(columns: readonly OpenColumn[], uses: Uses): NamedValue[] {
  const told = new Set<string>();
  return columns.flatMap(({ column }, place) => {
    const value = uses[place];
    if (value === undefined || value === LAYOUT || column.trim() === "" || told.has(column)) return [];
    told.add(column);
    return [{ name: column, value }];
  });
}

/** The name within `attribute:Colour`, and its kind; null for a field. */
export function namedPart(use: string): { kind: NamedKind; name: string } | null {
  const at = use.indexOf(":");
  const kind = NAMED_KINDS.find((one) => one === use.slice(0, at));
  return kind === undefined ? null : { kind, name: use.slice(at + 1) };
}

/** How it came that a column is taken for something. */
export type How = "known" | "guessed" | "chosen" | "left_out" | "assumed" | "layout";

export function howOf(column: OpenColumn, use: string): How {
  if (use === LAYOUT) return "layout";
  if (use !== column.field) return use === IGNORE ? "left_out" : "chosen";
  if (use === IGNORE) return "left_out";
  if (column.unit_assumed) return "assumed";
  return column.known ? "known" : "guessed";
}

export function howSign(column: OpenColumn, use: string): { state: StateName; word: string } {
  switch (howOf(column, use)) {
    case "known": return { state: "live", word: m.import_how_known() };
    case "layout": return { state: "live", word: m.import_how_layout() };
    case "chosen": return { state: "live", word: m.import_how_chosen() };
    case "guessed": return { state: "sent", word: m.import_how_guessed() };
    case "assumed": return { state: "needs_you", word: m.import_how_assumed({ unit: column.unit ?? "" }) };
    case "left_out": return { state: "off", word: m.import_how_left_out() };
  }
}

/** What a column may be taken for: out, the fields, and properties named as its header. */
export function choicesFor(fields: readonly string[], header: string, use: string): { value: string; label: string; note?: string }[] {
  const named = NAMED_KINDS.map((kind) => `${kind}:${header.trim()}`);
  const own = use === LAYOUT || [IGNORE, ...fields, ...named].includes(use) ? [] : [use];
  return [
    { value: IGNORE, label: m.import_leave_out() },
    ...[...fields, ...own, ...(header.trim() === "" ? [] : named)].map((value) => ({ value, label: fieldWord(value) })),
  ];
}

/** How many columns are read, and which were changed since the file was opened. */
export function mappingNote(columns: readonly OpenColumn[], uses: Uses): { read: number; changed: number } {
  const read = uses.filter((use) => use !== IGNORE).length;
  const changed = columns.filter(({ field }, place) => uses[place] !== field).length;
  return { read, changed };
}

/** Values for blank cells, one for each field; what is empty is none. */
export function withDefault(defaults: readonly NamedValue[], name: string, value: string): NamedValue[] {
  const text = value.trim();
  const known = defaults.some((one) => one.name === name);
  const kept = defaults.flatMap((one) => (one.name !== name ? [one] : text === "" ? [] : [{ name, value: text }]));
  return known || text === "" ? kept : [...kept, { name, value: text }];
}

/** Fields that may be given a value for blank cells: those that none is given for yet. */
export function openDefaults(fields: readonly string[], defaults: readonly NamedValue[]): string[] {
  // What tells goods apart is never the same for many rows. One picture for all that have none is
  // better than none where a marketplace demands one.
  const single = new Set(["sku", "handle", "gtin", "asin", "mpn", "parts", "variant_images"]);
  return fields.filter((field) => !single.has(field) && !defaults.some(({ name }) => name === field));
}
