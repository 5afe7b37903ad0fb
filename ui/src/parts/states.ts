/** The eight states: each has its icon and its colour, and a word stands beside them. */

import { m } from "$words";

import type { IconName } from "./icons";

export type StateName =
  | "pending" | "sent" | "answered" | "live" | "refused" | "needs_you" | "unknown" | "off";

export interface StateLook {
  icon: IconName;
  /** The name in `--state-NAME`. */
  colour: string;
  word: () => string;
}

export const STATES: Record<StateName, StateLook> = {
  pending: { icon: "state-pending", colour: "pending", word: m.state_pending },
  sent: { icon: "state-sent", colour: "sent", word: m.state_sent },
  answered: { icon: "state-answered", colour: "sent", word: m.state_answered },
  live: { icon: "state-live", colour: "live", word: m.state_live },
  refused: { icon: "state-refused", colour: "refused", word: m.state_refused },
  needs_you: { icon: "state-needs-you", colour: "needs-you", word: m.state_needs_you },
  unknown: { icon: "state-unknown", colour: "unknown", word: m.state_unknown },
  off: { icon: "state-off", colour: "off", word: m.state_off },
};

/** How far a receipt is. */
export type ReceiptStep = "wanted" | "sent" | "answered" | "seen" | "refused" | "unknown";

/** The dots that are filled, and the one that is crossed out instead. */
export function receiptDots(step: ReceiptStep): { filled: number; crossed: number | null } {
  switch (step) {
    case "wanted": return { filled: 1, crossed: null };
    case "sent": return { filled: 2, crossed: null };
    case "answered": return { filled: 3, crossed: null };
    case "seen": return { filled: 4, crossed: null };
    case "refused": return { filled: 2, crossed: 2 };
    case "unknown": return { filled: 2, crossed: null };
  }
}

export const RECEIPT_WORDS: Record<ReceiptStep, () => string> = {
  wanted: m.receipt_wanted,
  sent: m.receipt_sent,
  answered: m.receipt_answered,
  seen: m.receipt_seen,
  refused: m.receipt_refused,
  unknown: m.receipt_unknown,
};
