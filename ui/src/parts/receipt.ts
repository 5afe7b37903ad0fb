/** How far a change is, as a receipt shows it. */

import type { ReceiptView } from "$src/backend/bindings";
import type { ReceiptStep } from "./states";

export function stepOf({ state, seen_at, answered_at, sent_at }: Pick<ReceiptView, "state" | "seen_at" | "answered_at" | "sent_at">): ReceiptStep {
  if (state === "refused" || state === "dropped") return "refused";
  if (state === "unknown") return "unknown";
  if (seen_at !== null) return "seen";
  if (answered_at !== null || state === "applied") return "answered";
  return sent_at !== null || state === "in_flight" || state === "accepted" ? "sent" : "wanted";
}
