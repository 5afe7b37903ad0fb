/** What waits for a person: in words, and the one place or action that mends it. */

import type { CaseKind, Mend, NeedView } from "$src/backend/bindings";
import type { ViewId } from "$src/app/route.svelte";
import { locale, plural } from "$src/app/locale.svelte";
import { clock, dayAndClock, quantity } from "$src/parts/format";
import { m } from "$words";

export interface Need {
  key: string;
  count: string;
  title: string;
  note: string;
  marketplaces: string[];
  action: string;
  /** Where it is mended; the two that are done at once are named. */
  to: NeedPlace | "read_again" | "sync";
}

export interface NeedPlace {
  view: ViewId;
  item: string | null;
  params: Record<string, string>;
}

/** The first sentence of a text, and what follows. */
export function firstSentence(text: string): [string, string] {
  const [first] = new Intl.Segmenter(locale.id, { granularity: "sentence" }).segment(text);
  const head = first?.segment.trim() ?? text;
  return [head.replace(/[.。]$/, ""), text.slice(first?.segment.length ?? text.length).trim()];
}

function vendorWords({ problem, marketplace }: NeedView): string {
  const vendor = problem?.vendor;
  return vendor && marketplace ? m.home_vendor_says({ text: vendor.text }) : "";
}

const CASES: Record<CaseKind, () => string> = {
  cancellation: m.home_case_cancellation, return: m.home_case_return, inquiry: m.home_case_inquiry,
  case: m.home_case_escalated, dispute: m.home_case_dispute,
};

function words(need: NeedView): { title: string; note: string } {
  const count = quantity(need.count);
  const [first, rest] = firstSentence(need.problem?.reason ?? "");
  const since = need.since === null ? "" : m.home_since({ time: clock(need.since) });
  switch (need.kind) {
    case "held":
      return { title: plural(need.count, { one: () => m.home_held_one(), other: () => m.home_held({ count }) }), note: need.problem?.reason ?? "" };
    case "cancel":
      return { title: plural(need.count, { one: () => m.home_cancel_one(), other: () => m.home_cancel({ count }) }), note: need.order === null ? "" : m.home_cancel_note({ order: orderNumber(need.order) }) };
    case "case":
      return { title: CASES[need.case_kind ?? "case"](), note: need.due === null ? "" : m.home_case_due({ when: dayAndClock(need.due) }) };
    case "message":
      return { title: plural(need.count, { one: () => m.home_messages_one(), other: () => m.home_messages() }), note: need.since === null ? "" : m.home_messages_since({ when: dayAndClock(need.since) }) };
    case "unmatched":
      return { title: plural(need.count, { one: () => m.home_unmatched_one(), other: () => m.home_unmatched({ count }) }), note: m.home_unmatched_note() };
    case "quarantine":
      return { title: plural(need.count, { one: () => m.home_quarantine_one(), other: () => m.home_quarantine({ count }) }), note: m.home_quarantine_note() };
    case "account":
      return { title: need.account === null ? first : m.home_account_problem({ account: need.account, problem: first }), note: [rest, vendorWords(need), since].filter(Boolean).join(" ") };
    case "problem":
      return { title: first, note: [rest, vendorWords(need)].filter(Boolean).join(" ") };
  }
}

/** The number of an order without its account. */
export function orderNumber(order: string): string {
  return order.slice(order.indexOf("/") + 1);
}

const LABELS: Record<Mend, (count: string) => string> = {
  connect: m.home_do_connect, set_account: m.home_do_account, set_field: (count) => m.home_do_fill({ count }),
  set_category: m.home_do_category, set_price: m.home_do_price, set_stock: m.home_do_stock, answer: m.home_do_answer,
  answer_case: m.home_do_answer,
  answer_message: m.home_do_answer,
  match: m.home_do_match, decide: m.home_do_decide, open_order: m.home_do_order, read_again: m.home_do_read_again,
  open_listing: m.home_do_listing, at_marketplace: m.home_do_look, wait: m.home_do_try,
};

function placeOf(need: NeedView): Need["to"] {
  const account = need.account ?? "";
  const cause = { tab: "problems", cause: need.cause ?? "", account };
  switch (need.mend) {
    case "connect": return { view: "accounts", item: need.account, params: { tab: "keys" } };
    case "set_account": return { view: "accounts", item: need.account, params: {} };
    case "answer": return { view: "sync", item: null, params: { tab: "held" } };
    case "answer_case": return { view: "orders", item: need.count === 1 ? need.order : null, params: { tab: "cases" } };
    case "answer_message": return { view: "orders", item: null, params: { tab: "messages", waiting: "yes" } };
    case "match": return { view: "orders", item: need.order, params: { tab: "all", unmatched: "yes", account } };
    case "decide": return { view: "orders", item: need.count === 1 ? need.order : null, params: { tab: "needs_you", cancel: "yes", account } };
    case "open_order": return { view: "orders", item: need.order, params: { tab: "needs_you", account } };
    case "read_again": return "read_again";
    case "wait": return "sync";
    default: return need.order === null
      ? { view: "listings", item: null, params: cause }
      : { view: "orders", item: need.order, params: { tab: "needs_you", account } };
  }
}

/** What has one cause is one line, also at several accounts. Accounts and buyers stay apart. */
export function needLines(needs: readonly NeedView[]): Need[] {
  const groups = new Map<string, NeedView[]>();
  for (const [n, need] of needs.entries()) {
    const folds = need.kind === "held" || need.kind === "problem";
    const what = folds ? (need.cause ?? need.problem?.kind ?? String(n)) : String(n);
    const key = `${need.kind} ${what} ${need.mend}`;
    groups.set(key, [...(groups.get(key) ?? []), need]);
  }
  return [...groups].flatMap(([key, group]) => {
    const [first] = group;
    if (first === undefined) return [];
    const count = group.reduce((sum, one) => sum + one.count, 0);
    const account = group.length === 1 ? first.account : null;
    const marketplaces = [...new Set(group.flatMap(({ marketplace }) => marketplace ?? []))];
    return [{ ...needLine({ ...first, count, account }), key, marketplaces }];
  });
}

/** A need as a line of the list. */
export function needLine(need: NeedView): Need {
  const count = quantity(need.count);
  return {
    key: need.kind, count, ...words(need), marketplaces: need.marketplace === null ? [] : [need.marketplace],
    action: LABELS[need.mend](count), to: placeOf(need),
  };
}
