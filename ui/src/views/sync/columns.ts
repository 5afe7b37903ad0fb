/** The columns of the plan, of what is held, and of receipts. */

import type { HeldRowView, PlanRow, ReceiptView } from "$src/backend/bindings";
import { dayAndClock, NONE } from "$src/parts/format";
import type { Column } from "$src/parts/grid/columns.svelte";
import { RECEIPT_WORDS } from "$src/parts/states";
import { stepOf } from "$src/parts/receipt";
import { m } from "$words";

import { heldNew, heldOld, planMark, planNew, planOld, planState, receiptMark, receiptNew, receiptOld, receiptSign } from "./Cells.svelte";
import { originText } from "./held";
import { lastAt } from "./receipts";
import { isContent, movedText, valueOf, valueText } from "$src/parts/values";
import { kindWord } from "$src/parts/kinds";

const STATE_WORDS = { wanted: RECEIPT_WORDS.wanted, held: m.sync_state_held, refused: m.sync_state_left_out };

export function planColumns(currency: () => string): Column<PlanRow>[] {
  return [
    { id: "account", title: m.sync_account_short, width: 3.25, text: ({ account }) => account, cell: planMark },
    { id: "sku", title: m.sync_sku, width: 7.75, flex: 0.5, most: 20, quiet: true, text: ({ sku }) => sku },
    { id: "title", title: m.sync_title, width: 8.75, flex: 1.5, leaves: 1, text: ({ title }) => title },
    { id: "kind", title: m.sync_change, width: 5.75, quiet: true, text: ({ change }) => (change === null ? NONE : kindWord(change)) },
    { id: "old", title: m.sync_old, unit: currency, width: 5.5, end: true, text: ({ change, from }) => valueOf(change, from), cell: planOld },
    { id: "new", title: m.sync_new, width: 7.75, flex: 1, text: ({ change, to, reason }) => (to === null ? (reason ?? NONE) : isContent(to) ? m.sync_content_new() : valueOf(change, to)), cell: planNew },
    { id: "by", title: m.sync_by, width: 5, end: true, quiet: true, leaves: 2, text: ({ from, to }) => movedText(from, to) },
    { id: "state", title: m.sync_state, width: 7.5, text: ({ state }) => STATE_WORDS[state](), cell: planState },
  ];
}

export function heldColumns(currency: () => string): Column<HeldRowView>[] {
  return [
    { id: "sku", title: m.sync_sku, width: 9, flex: 0.5, most: 20, quiet: true, text: ({ sku }) => sku },
    { id: "title", title: m.sync_title, width: 10, flex: 1, text: ({ title }) => title },
    { id: "old", title: m.sync_old, unit: currency, width: 6.5, end: true, text: ({ from }) => valueText(from), cell: heldOld },
    { id: "new", title: m.sync_new, width: 7, text: ({ to }) => valueText(to), cell: heldNew },
    { id: "by", title: m.sync_by, width: 5, end: true, text: ({ from, to, by }) => movedText(from, to, by) },
    { id: "origin", title: m.sync_from_where, width: 6, quiet: true, leaves: 1, text: ({ origin }) => originText(origin) },
  ];
}

export function receiptColumns(): Column<ReceiptView>[] {
  return [
    { id: "at", title: m.sync_when, width: 7.75, quiet: true, text: (row) => dayAndClock(lastAt(row)) },
    { id: "account", title: m.sync_account_short, width: 3.25, text: ({ account }) => account ?? NONE, cell: receiptMark },
    { id: "sku", title: m.sync_of_head, width: 9, flex: 1, quiet: true, text: ({ sku, order_id }) => sku ?? order_id ?? NONE },
    { id: "kind", title: m.sync_change, width: 6.5, text: ({ kind }) => kindWord(kind) },
    { id: "old", title: m.sync_old, width: 6.5, end: true, leaves: 2, text: ({ kind, from }) => valueOf(kind, from), cell: receiptOld },
    { id: "new", title: m.sync_new, width: 8.5, flex: 1, text: ({ kind, to }) => (isContent(to) ? m.sync_content_new() : valueOf(kind, to)), cell: receiptNew },
    { id: "state", title: m.sync_receipt, width: 8.5, text: (row) => RECEIPT_WORDS[stepOf(row)](), cell: receiptSign },
    { id: "why", title: m.sync_why, width: 8, flex: 4, quiet: true, leaves: 1, text: ({ problem }) => problem?.reason ?? "" },
    { id: "wanted", title: m.sync_wanted_at, width: 6.5, quiet: true, leaves: 4, hidden: true, text: ({ wanted_at }) => dayAndClock(wanted_at) },
    { id: "sent", title: m.sync_sent_at, width: 6.5, quiet: true, leaves: 5, hidden: true, text: ({ sent_at }) => dayAndClock(sent_at) },
    { id: "answered", title: m.sync_answered_at, width: 6.5, quiet: true, leaves: 6, hidden: true, text: ({ answered_at }) => dayAndClock(answered_at) },
    { id: "seen", title: m.sync_seen_at, width: 6.5, quiet: true, leaves: 7, hidden: true, text: ({ seen_at }) => dayAndClock(seen_at) },
  ];
}
