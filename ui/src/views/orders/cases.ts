/** Cases after the sale: what they are, whose turn it is, and until when. */

import type { CaseAct, CaseKind, CaseView } from "$src/backend/bindings";
import { marketplaceName } from "$src/parts/marks";
import { m } from "$words";

import { deadlineOf, deadlineSentence, type Deadline } from "./deadlines";
import type { Sign } from "./words";

const KINDS: Record<CaseKind, () => string> = {
  cancellation: m.orders_case_cancellation, return: m.orders_case_return, inquiry: m.orders_case_inquiry,
  case: m.orders_case_escalated, dispute: m.orders_case_dispute,
};

export function caseKind(kind: CaseKind): string {
  return KINDS[kind]();
}

const ACTS: Record<CaseAct, () => string> = {
  approve: m.orders_case_approve, decline: m.orders_case_decline, refund: m.orders_case_refund,
  provide_shipment: m.orders_case_provide_shipment, accept: m.orders_case_accept, contest: m.orders_case_contest,
};

type Standing = Pick<CaseView, "state" | "marketplace">;

/** Whose turn it is. */
export function caseSign({ state, marketplace }: Standing): Sign {
  switch (state) {
    case "waits_for_seller": return { state: "needs_you", word: m.orders_case_waits_for_you() };
    case "waits_for_buyer": return { state: "pending", word: m.orders_case_waits_for_buyer() };
    case "waits_for_marketplace": return { state: "sent", word: m.orders_case_waits_there({ marketplace: marketplaceName(marketplace) }) };
    case "open": return { state: "unknown", word: m.orders_case_is_open() };
    case "closed": return { state: "off", word: m.orders_case_closed() };
  }
}

type Due = Pick<CaseView, "state" | "respond_by">;

/** Until when the seller must answer, as a list tells it; null where nobody waits for an answer. */
export function answerBy({ state, respond_by }: Due, now: number): Deadline | null {
  return state === "waits_for_seller" ? deadlineOf(respond_by, now, true) : null;
}

/** The same in a sentence. */
export function answerSentence({ state, respond_by }: Due, now: number): string | null {
  if (state !== "waits_for_seller" || respond_by === null) return null;
  return m.orders_case_answer_by({ when: deadlineSentence(respond_by, now) });
}

/** What the marketplace lets the seller answer; null where that is nothing. */
export function answers({ state, offers, marketplace }: Pick<CaseView, "state" | "offers" | "marketplace">): string | null {
  if (state === "closed" || offers.length === 0) return null;
  return m.orders_case_offers({ marketplace: marketplaceName(marketplace), answers: offers.map((act) => ACTS[act]()).join(", ") });
}

/** A marketplace's own word, `ITEM_NOT_RECEIVED`, as a reader takes it. */
export function plainWord(word: string): string {
  const text = word.replaceAll("_", " ").toLowerCase();
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
