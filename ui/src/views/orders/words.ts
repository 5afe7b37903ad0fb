/** States of orders, what happened to them and why, in words. */

import type {
  ActionKind, CancelReason, ChangeState, Confirmation, OrderRowView, OrderState, RefundReason, TimelineEntry,
} from "$src/backend/bindings";
import { decimal, moneyWithCurrency } from "$src/parts/format";
import type { IconName } from "$src/parts/icons";
import { marketplaceName } from "$src/parts/marks";
import type { StateName } from "$src/parts/states";
import { m } from "$words";

export interface Sign {
  state: StateName;
  word: string;
  icon?: IconName;
}

const STATE: Record<OrderState, () => Sign> = {
  pending: () => ({ state: "off", word: m.orders_pending() }),
  to_ship: () => ({ state: "pending", word: m.orders_to_ship() }),
  partly_shipped: () => ({ state: "sent", word: m.orders_partly_shipped() }),
  shipped: () => ({ state: "live", word: m.orders_shipped() }),
  delivered: () => ({ state: "live", word: m.orders_delivered() }),
  cancelled: () => ({ state: "off", word: m.orders_cancelled() }),
  unknown: () => ({ state: "unknown", word: m.orders_unknown() }),
};

export function stateSign(state: OrderState): Sign {
  return STATE[state]();
}

/** Whether something of it must still leave. */
export function waits(state: OrderState): boolean {
  return state === "to_ship" || state === "partly_shipped" || state === "pending";
}

type Standing = Pick<OrderRowView, "state" | "on_hold" | "cancel_requested" | "unmatched" | "confirmation" | "problem" | "fulfilled_by" | "marketplace">;

/** What of an order is told first: what asks for a hand, then what is on its way, then its state. */
export function orderSign(row: Standing): Sign {
  if (waits(row.state)) {
    if (row.cancel_requested) return { state: "needs_you", word: m.orders_cancel_asked() };
    if (row.unmatched > 0) return { state: "needs_you", word: m.orders_match_sku() };
    if (row.confirmation === "refused") return { state: "refused", word: m.orders_shipment_refused() };
    if (row.problem !== null) return { state: "needs_you", word: m.orders_problem() };
    if (row.on_hold) return { state: "off", word: m.orders_on_hold(), icon: "state-paused" };
    if (row.confirmation === "queued") return { state: "pending", word: m.orders_shipment_queued() };
    if (row.confirmation === "sent") return { state: "sent", word: m.orders_shipment_sent() };
    if (row.fulfilled_by !== "seller") return { state: "off", word: m.orders_ships_itself({ marketplace: marketplaceName(row.marketplace) }) };
  } else if (row.problem !== null) return { state: "needs_you", word: m.orders_problem() };
  return stateSign(row.state);
}

/** What an order is of: a title, or how many lines with their titles. */
export function linesText({ lines, titles }: Pick<OrderRowView, "lines" | "titles">): string {
  if (lines <= 1) return titles[0] ?? "";
  return m.orders_lines_of({ count: String(lines), titles: titles.join(", ") });
}

export const CANCEL_REASONS: Record<CancelReason, () => string> = {
  buyer_asked: m.orders_reason_buyer_asked, out_of_stock: m.orders_reason_out_of_stock,
  price_error: m.orders_reason_price_error, address_problem: m.orders_reason_address_problem,
};

export const REFUND_REASONS: Record<RefundReason, () => string> = {
  adjustment: m.orders_reason_adjustment, returned: m.orders_reason_returned, not_received: m.orders_reason_not_received,
  not_as_described: m.orders_reason_not_as_described, buyer_cancelled: m.orders_reason_buyer_cancelled,
  seller_cancelled: m.orders_reason_seller_cancelled,
};

const CONFIRMATION: Record<Confirmation, () => { state: StateName; word: string }> = {
  queued: () => ({ state: "pending", word: m.orders_told_next_sync() }),
  sent: () => ({ state: "sent", word: m.orders_told_sent() }),
  confirmed: () => ({ state: "live", word: m.orders_told_seen() }),
  refused: () => ({ state: "refused", word: m.orders_told_refused() }),
};

export function confirmationSign(confirmation: Confirmation): { state: StateName; word: string } {
  return CONFIRMATION[confirmation]();
}

const CHANGE: Record<ChangeState, () => { state: StateName; word: string }> = {
  waiting: () => ({ state: "pending", word: m.orders_told_next_sync() }),
  held: () => ({ state: "needs_you", word: m.orders_change_held() }),
  in_flight: () => ({ state: "sent", word: m.orders_told_sent() }),
  accepted: () => ({ state: "answered", word: m.orders_change_answered() }),
  unknown: () => ({ state: "unknown", word: m.orders_change_unknown() }),
  applied: () => ({ state: "live", word: m.orders_told_seen() }),
  refused: () => ({ state: "refused", word: m.orders_told_refused() }),
  dropped: () => ({ state: "off", word: m.orders_change_dropped() }),
};

const ACTION: Partial<Record<ActionKind, () => string>> = {
  acknowledge: m.orders_did_acknowledge, ship: m.orders_did_ship, cancel: m.orders_did_cancel, refund: m.orders_did_refund,
  reject_cancel: m.orders_did_reject_cancel, answer_case: m.orders_did_answer_case,
};

export interface Happened {
  at: string | null;
  state: StateName;
  text: string;
  /** How far it is, or why not. */
  note: string | null;
}

/** An amount as the host writes it in a text: `5.00 USD`. */
function amountText(value: string | null): string {
  const [amount = "", currency] = (value ?? "").split(" ");
  return currency === undefined ? decimal(amount) : moneyWithCurrency({ amount, currency });
}

function happened(entry: TimelineEntry, marketplace: string): Omit<Happened, "at"> {
  const done = (text: string) => ({ state: "live" as const, text, note: null });
  switch (entry.kind) {
    case "placed": return done(m.orders_was_placed({ marketplace: marketplaceName(marketplace) }));
    case "paid": return done(m.orders_was_paid());
    case "pulled": return done(m.orders_was_downloaded());
    case "updated": return done(m.orders_was_updated({ marketplace: marketplaceName(marketplace) }));
    case "shipped": {
      const sign = entry.confirmation === null ? null : confirmationSign(entry.confirmation);
      const what = [entry.carrier, entry.value].filter((text) => text !== null && text !== "").join(" ");
      return { state: sign?.state ?? "live", text: what === "" ? m.orders_was_shipped() : m.orders_was_shipped_by({ parcel: what }), note: sign?.word ?? null };
    }
    case "refunded": return done(m.orders_was_refunded({ amount: amountText(entry.value) }));
    case "change": {
      const sign = entry.state === null ? null : CHANGE[entry.state]();
      const text = (entry.action === null ? undefined : ACTION[entry.action])?.() ?? m.orders_did_change();
      return { state: sign?.state ?? "pending", text, note: entry.problem?.reason ?? sign?.word ?? null };
    }
    case "erased": return { state: "off", text: m.orders_was_erased(), note: null };
    case "ship_by": return { state: "pending", text: m.orders_must_leave(), note: null };
    case "deliver_by": return { state: "pending", text: m.orders_must_arrive(), note: null };
  }
}

/** What happened and what is ahead. A parcel and the telling of it are one line. */
export function timelineOf(entries: readonly TimelineEntry[], marketplace: string): Happened[] {
  const parcels = new Set(entries.flatMap((one) => (one.kind === "shipped" && one.value !== null ? [one.value] : [])));
  const told = entries.filter((one) =>
    !(one.kind === "change" && one.action === "ship" && one.state !== "refused" && one.value !== null && parcels.has(one.value)));
  return told.map((entry) => ({ at: entry.at, ...happened(entry, marketplace) }));
}
