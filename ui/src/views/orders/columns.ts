/** The columns of the list of orders. */

import type { OrderRowView } from "$src/backend/bindings";
import { ticking } from "$src/app/clock.svelte";
import { money, moneyWithCurrency, NONE, quantity, when, wholeInstant } from "$src/parts/format";
import type { Column } from "$src/parts/grid/columns.svelte";
import { m } from "$words";

import { number, state } from "./Cells.svelte";
import { DEADLINE_TONES, deadlineOf } from "./deadlines";
import { serviceName } from "./service";
import { linesText, orderSign, waits } from "./words";

const due = (row: OrderRowView) => deadlineOf(row.ship_by, ticking.now, waits(row.state));

/** `currency`: that of the list, told in the head; totals in another name theirs. */
export function orderColumns(currency: () => string): Column<OrderRowView>[] {
  const total = (row: OrderRowView) => (row.total === null || row.total.currency === currency() ? money(row.total) : moneyWithCurrency(row.total));
  return [
    { id: "ship_by", title: m.orders_ship_by, width: 6.25, sort: true, text: (row) => due(row)?.text ?? NONE, tone: (row) => DEADLINE_TONES[due(row)?.tone ?? "later"], tip: ({ ship_by }) => ship_by && wholeInstant(ship_by) },
    { id: "order", title: m.orders_order, width: 12.5, sort: true, text: (row) => row.order_id, cell: number },
    { id: "buyer", title: m.orders_buyer, width: 7.5, leaves: 3, text: (row) => row.buyer ?? m.orders_no_name(), tone: ({ buyer }) => (buyer ? "" : "third") },
    { id: "lines", title: m.orders_lines, width: 8, flex: 1, text: linesText },
    { id: "units", title: m.orders_units, width: 4.5, end: true, leaves: 4, text: (row) => quantity(row.units) },
    { id: "total", title: m.orders_total, unit: currency, width: 5.5, end: true, sort: true, leaves: 1, text: total },
    { id: "state", title: m.orders_state, width: 9, text: (row) => orderSign(row).word, cell: state },
    { id: "placed", title: m.orders_placed, width: 5.25, sort: true, quiet: true, leaves: 5, text: (row) => when(row.placed_at, new Date(ticking.now)), tip: ({ placed_at }) => wholeInstant(placed_at) },
    { id: "account", title: m.orders_account, width: 7, sort: true, quiet: true, hidden: true, leaves: 6, text: (row) => row.account },
    { id: "service", title: m.orders_service, width: 7, quiet: true, hidden: true, leaves: 7, text: (row) => (row.shipping_service === null ? NONE : serviceName(row.shipping_service)) },
  ];
}
