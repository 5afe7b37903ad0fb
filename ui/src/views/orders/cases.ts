/** Cases after the sale: what they are, whose turn it is, and until when. */

import type { Action } from "$src/app/actions.svelte";
import type { CaseAct, CaseKind, CaseView, EvidenceKind, ReturnAddress } from "$src/backend/bindings";
import { moneyWithCurrency } from "$src/parts/format";
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
  approve: m.orders_case_approve, decline: m.orders_case_decline, mark_received: m.orders_case_mark_received, refund: m.orders_case_refund,
  provide_shipment: m.orders_case_provide_shipment, accept: m.orders_case_accept, accept_with_address: m.orders_case_accept_back, contest: m.orders_case_contest,
  contest_with_address: m.orders_case_contest,
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

/** What only the marketplace's page lets the seller answer; null where that is nothing. */
export function answersThere({ state, offers, actions, answering, marketplace }: Pick<CaseView, "state" | "offers" | "actions" | "answering" | "marketplace">): string | null {
  const there = offers.filter((act) => !actions.includes(act));
  if (state === "closed" || answering !== null || there.length === 0) return null;
  return m.orders_case_offers({ marketplace: marketplaceName(marketplace), answers: there.map((act) => ACTS[act]()).join(", ") });
}

const BUTTONS: Record<CaseAct, () => string> = {
  approve: m.orders_case_do_approve, decline: m.orders_case_do_decline, refund: m.orders_case_do_refund,
  provide_shipment: m.orders_case_do_shipment, accept: m.orders_case_do_accept, accept_with_address: m.orders_case_do_accept_back, contest: m.orders_case_do_contest, contest_with_address: m.orders_case_do_contest,
  mark_received: m.orders_case_do_received,
};

/** An answer as its button says it. */
export function actButton(act: CaseAct): string {
  return BUTTONS[act]();
}

/** The answers to a case as the palette offers them; of one that is answered none. */
export function answerActions(one: CaseView, ask: (act: CaseAct, one: CaseView) => void): Action[] {
  if (one.answering !== null) return [];
  return one.actions.map((act) => ({
    id: `orders.case.${one.id}.${act}`, title: () => `${actButton(act)}…`, note: () => caseKind(one.kind), icon: "orders", run: () => ask(act, one),
  }));
}

const SHOWS: Record<EvidenceKind, () => string> = {
  delivery: m.orders_evidence_delivery, signature: m.orders_evidence_signature, pickup: m.orders_evidence_pickup, authenticity: m.orders_evidence_authenticity, as_described: m.orders_evidence_as_described,
  credit_not_due: m.orders_evidence_credit_not_due, return_not_received: m.orders_evidence_return_not_received,
};

/** What evidence can show. */
export function evidenceKinds(): { value: EvidenceKind; label: string }[] {
  return (Object.keys(SHOWS) as EvidenceKind[]).map((value) => ({ value, label: SHOWS[value]() }));
}

/** eBay's words of why a payment is disputed, and what answers them. */
const LIKELY: readonly [RegExp, EvidenceKind][] = [
  [/COUNTERFEIT/, "authenticity"], [/NOT_AS_DESCRIBED/, "as_described"], [/REFUND|CREDIT|CANCEL|DUPLICATE|AMOUNT/, "credit_not_due"],
];

/** What answers the reason of a dispute. */
export function likelyEvidence(reason: string | null): EvidenceKind {
  return LIKELY.find(([words]) => words.test(reason ?? ""))?.[1] ?? "delivery";
}

/** The name of a file by its path. */
export function fileName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}

/** Signs that the buyer or the bank is told at most. */
export const WORDS_MAX = 1_000;

/** What an answer cannot go without. A wish to cancel is refused without words. */
export function actNeeds(act: CaseAct, kind: CaseView["kind"]): "parcel" | "words" | null {
  if (act === "provide_shipment") return "parcel";
  if (kind === "cancellation") return null;
  return act === "decline" || contests(act) ? "words" : null;
}

/** Whether it names an address to which the buyer sends the goods back. */
export function namesAddress(act: CaseAct): boolean {
  return act === "accept_with_address" || act === "contest_with_address";
}

/** Whether it contests a dispute. */
export function contests(act: CaseAct): boolean {
  return act === "contest" || act === "contest_with_address";
}

const NEEDED = ["name", "line1", "city", "postal_code", "country", "phone"] as const satisfies (keyof ReturnAddress)[];

/** Where a buyer sends goods back, before anything is said. */
export const NO_ADDRESS: ReturnAddress = { name: "", line1: "", line2: "", city: "", region: "", postal_code: "", country: "", phone: "" };

/** Whether every part is said that goods, and a call, need to arrive. */
export function isWhole(address: ReturnAddress): boolean {
  return NEEDED.every((part) => address[part].trim() !== "") && address.country.trim().length === 2;
}

/** Whether the buyer gets his money by it at once. */
export function givesMoney(act: CaseAct): boolean {
  return act === "refund" || act === "accept" || act === "accept_with_address";
}

/** What an answer does and when, line by line. */
export function actDoes(act: CaseAct, one: Pick<CaseView, "kind" | "marketplace" | "amount">): string[] {
  // A wish that is not agreed to has one text, here and in its order.
  if (act === "decline" && one.kind === "cancellation") return [m.orders_reject_told()];
  return [...does(act, one), m.orders_case_when()];
}

function does(act: CaseAct, one: Pick<CaseView, "kind" | "marketplace" | "amount">): string[] {
  const marketplace = marketplaceName(one.marketplace);
  const money = one.amount === null ? m.orders_case_does_money() : m.orders_case_does_amount({ amount: moneyWithCurrency(one.amount) });
  switch (act) {
    case "approve": return [one.kind === "cancellation" ? m.orders_case_does_cancel({ marketplace }) : m.orders_case_does_approve()];
    case "decline": return [m.orders_case_does_decline({ marketplace })];
    case "refund": return [money, m.orders_case_does_end()];
    case "accept": return [money, m.orders_case_does_accept()];
    case "accept_with_address": return [money, m.orders_case_does_accept(), m.orders_case_does_accept_back()];
    case "contest": case "contest_with_address": return [m.orders_case_does_contest({ marketplace })];
    case "provide_shipment": return [m.orders_case_does_shipment({ marketplace })];
    case "mark_received": return [m.orders_case_does_received({ marketplace })];
  }
}

/** A marketplace's own word, `ITEM_NOT_RECEIVED`, as a reader takes it. */
export function plainWord(word: string): string {
  const text = word.replaceAll("_", " ").toLowerCase();
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
