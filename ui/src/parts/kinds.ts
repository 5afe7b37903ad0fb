/** What a change is of. */

import type { ActionKind } from "$src/backend/bindings";
import { m } from "$words";

const KINDS: Record<ActionKind, () => string> = {
  publish: m.sync_kind_publish, revise: m.sync_kind_revise, set_price: m.sync_kind_price, set_quantity: m.sync_kind_quantity,
  end: m.sync_kind_end, acknowledge: m.sync_kind_acknowledge, ship: m.sync_kind_ship, cancel: m.sync_kind_cancel, refund: m.sync_kind_refund,
  reject_cancel: m.sync_kind_reject_cancel, answer_case: m.sync_kind_answer_case,
};

export const ACTION_KINDS = Object.keys(KINDS) as ActionKind[];

/** One change: `Price`, `Shipment`. */
export function kindWord(kind: ActionKind): string {
  return KINDS[kind]();
}
