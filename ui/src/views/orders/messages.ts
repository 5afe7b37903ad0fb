/** Messages of buyers: how a conversation and a message stand, and what an answer may be. */

import type { ConversationView, MessageState, MessageView } from "$src/backend/bindings";
import { counted, quantity } from "$src/parts/format";
import { m } from "$words";

import type { Sign } from "./words";

/** How an answer stands that the marketplace does not show yet; null for what it shows. */
export function messageSign(state: MessageState): Sign | null {
  switch (state) {
    case "there": return null;
    case "waiting": return { state: "pending", word: m.orders_message_waiting() };
    case "sending": return { state: "sent", word: m.orders_message_sending() };
    case "unknown": return { state: "unknown", word: m.orders_message_unknown() };
    case "refused": return { state: "refused", word: m.orders_message_refused() };
  }
}

/** How a conversation stands: what needs the seller first. */
export function conversationSign({ answer, unread, last_mine }: Pick<ConversationView, "answer" | "unread" | "last_mine">): Sign {
  if (answer === "refused") return { state: "refused", word: m.orders_message_refused() };
  if (unread > 0) return { state: "needs_you", word: counted(unread, m.orders_message_new_one, m.orders_message_new) };
  const sign = answer === null ? null : messageSign(answer);
  if (sign !== null) return sign;
  return last_mine ? { state: "answered", word: m.orders_message_answered() } : { state: "off", word: m.orders_message_read() };
}

/** What a conversation is called in a list: its buyer, else its listing. */
export function conversationName({ buyer, erased_at }: Pick<ConversationView, "buyer" | "erased_at">): string {
  if (buyer !== null) return buyer;
  return erased_at === null ? m.orders_message_buyer() : m.orders_message_erased();
}

/** Whether an answer can be taken back: nobody else has seen it. */
export function canTakeBack({ state }: Pick<MessageView, "state">): boolean {
  return state === "waiting" || state === "refused";
}

/** How many characters are left, told where they become few. */
export function leftOf(text: string, most: number): string | null {
  // As the host counts them: whole signs, not halves of some.
  const left = most - [...text.trim()].length;
  return left > most / 10 ? null : m.orders_message_left({ count: quantity(left) });
}

/** Whether a text can be sent as it is. */
export function canSend(text: string, most: number): boolean {
  const length = [...text.trim()].length;
  return length > 0 && length <= most;
}
