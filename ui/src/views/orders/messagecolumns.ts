/** The columns of the list of conversations. */

import type { ConversationView } from "$src/backend/bindings";
import { ticking } from "$src/app/clock.svelte";
import { NONE, when, wholeInstant } from "$src/parts/format";
import type { Column } from "$src/parts/grid/columns.svelte";
import { m } from "$words";

import { standing, who } from "./MessageCells.svelte";
import { conversationName, conversationSign } from "./messages";

export function messageColumns(): Column<ConversationView>[] {
  return [
    { id: "buyer", title: m.orders_message_buyer, width: 12.5, text: conversationName, cell: who },
    { id: "says", title: m.orders_message_says, width: 12, flex: 1, quiet: true, text: ({ last }) => last ?? NONE },
    { id: "about", title: m.orders_message_about, width: 9, quiet: true, leaves: 1, text: ({ title, listing_ref }) => title ?? listing_ref ?? NONE },
    { id: "order", title: m.orders_order, width: 9.5, quiet: true, leaves: 2, text: ({ order_id }) => order_id ?? NONE },
    { id: "standing", title: m.orders_state, width: 10, text: (row) => conversationSign(row).word, cell: standing },
    { id: "last", title: m.orders_message_last, width: 5.25, quiet: true, text: ({ last_at }) => when(last_at, new Date(ticking.now)), tip: ({ last_at }) => wholeInstant(last_at) },
  ];
}
