/** The list of imports that were applied. */

import type { ImportView, RefusedItem } from "$src/backend/bindings";
import { dayAndClock, quantity } from "$src/parts/format";
import type { Column } from "$src/parts/grid/columns.svelte";
import type { StateName } from "$src/parts/states";
import { m } from "$words";

import { state } from "./EarlierCells.svelte";
import { fieldWord, layoutWord } from "./words";

export function importSign({ undone_at }: Pick<ImportView, "undone_at">): { state: StateName; word: string } {
  return undone_at === null
    ? { state: "live", word: m.import_applied_word() }
    : { state: "off", word: m.import_taken_back_at({ at: dayAndClock(undone_at) }) };
}

export function importColumns(): Column<ImportView>[] {
  return [
    { id: "id", title: m.import_head_number, width: 4.5, end: true, quiet: true, text: ({ id }) => String(id) },
    { id: "at", title: m.import_head_at, width: 7.5, text: ({ at }) => dayAndClock(at) },
    { id: "file", title: m.import_step_file, width: 12, flex: 1, text: ({ file }) => file },
    { id: "layout", title: m.import_head_layout, width: 8, quiet: true, leaves: 3, text: ({ layout }) => layoutWord(layout) },
    { id: "new", title: m.import_head_new, width: 5.5, end: true, text: (one) => quantity(one.new) },
    { id: "changed", title: m.import_head_changed, width: 5.5, end: true, text: ({ changed }) => quantity(changed) },
    { id: "unchanged", title: m.import_head_same, width: 5.5, end: true, quiet: true, leaves: 2, text: ({ unchanged }) => quantity(unchanged) },
    { id: "refused", title: m.import_head_refused, width: 5.5, end: true, leaves: 1, text: ({ refused }) => quantity(refused) },
    { id: "state", title: m.import_head_state, width: 11, text: (one) => importSign(one).word, cell: state },
  ];
}

/** What stays after an import was taken back, by SKU, with the fields that were changed later. */
export function stays(refused: readonly RefusedItem[]): { sku: string | null; fields: string[]; reason: string }[] {
  const groups = new Map<string | null, { sku: string | null; fields: string[]; reason: string }>();
  for (const { sku, field, reason } of refused) {
    const group = groups.get(sku) ?? { sku, fields: [], reason };
    if (field !== null) group.fields.push(fieldWord(field));
    groups.set(sku, group);
  }
  return [...groups.values()];
}
