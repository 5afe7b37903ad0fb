/** The plan as one list of lines: what would go, what would wait for a yes, what cannot go. */

import type { ActionKind, ChangeGroup, PlanResponse } from "$src/backend/bindings";

import { moved } from "$src/parts/values";

export type LineState = "wanted" | "held" | "refused";

export interface PlanRow {
  id: string;
  account: string;
  marketplace: string;
  sku: string;
  title: string | null;
  change: ActionKind | null;
  from: string | null;
  to: string | null;
  state: LineState;
  /** Why it is held or refused. */
  reason: string | null;
}

/** What a change that is held for a reason would do. */
const HELD_CHANGE: Readonly<Record<string, ActionKind>> = {
  price_moves_far: "set_price", stock_emptied: "set_quantity", many_changes: "end",
};

/** All lines of a plan, account by account, held ones first. */
export function planRows(plan: PlanResponse | undefined): PlanRow[] {
  return (plan?.accounts ?? []).flatMap(({ account, marketplace, lines, held, refused }) => {
    const base = { account, marketplace, title: null, reason: null };
    return [
      ...held.map(({ sku, kind, reason, from, to }): PlanRow => (
        { ...base, id: "", sku: sku ?? "", change: HELD_CHANGE[kind] ?? null, from, to, state: "held", reason })),
      ...refused.map(({ sku, reason }): PlanRow => (
        { ...base, id: "", sku: sku ?? "", change: null, from: null, to: null, state: "refused", reason })),
      ...lines.map((line): PlanRow => (
        { ...base, id: "", sku: line.sku, change: line.change, from: line.from, to: line.to, state: "wanted" })),
    ];
  }).map((row, index) => ({ ...row, id: `${row.account} ${row.sku} ${row.change ?? row.state} ${index}` }));
}

/** The group of a line, as the host counts them. */
export function groupOf({ change, from, to }: Pick<PlanRow, "change" | "from" | "to">): ChangeGroup | null {
  switch (change) {
    case null: return null;
    case "publish": case "revise": case "end": return change;
    case "set_price": return (moved(from, to) ?? 0) < 0 ? "price_down" : "price_up";
    case "set_quantity": return from !== null && Number(to) > Number(from) ? "quantity_up" : "quantity_down";
    default: return "aftersales";
  }
}

export interface PlanFilter { account?: string; kind?: string; state?: string; sku?: string }

/** The lines that a filter lets through; several values of one stand between bars. */
export function filtered(rows: readonly PlanRow[], { account, kind, state, sku }: PlanFilter): PlanRow[] {
  const within = (values: string | undefined, value: string | null) => !values || (value !== null && values.split("|").includes(value));
  const text = (sku ?? "").trim().toLowerCase();
  return rows.filter((row) =>
    within(account, row.account) && within(kind, groupOf(row)) && within(state, row.state) &&
    (text === "" || row.sku.toLowerCase().includes(text)));
}
