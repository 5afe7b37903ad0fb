/** The columns of the list of cases. */

import type { CaseView } from "$src/backend/bindings";
import { ticking } from "$src/app/clock.svelte";
import { moneyWithCurrency, NONE, when, wholeInstant } from "$src/parts/format";
import type { Column } from "$src/parts/grid/columns.svelte";
import { m } from "$words";

import { of, turn } from "./CaseCells.svelte";
import { answerBy, caseKind, caseSign, plainWord } from "./cases";
import { DEADLINE_TONES } from "./deadlines";

const due = (row: CaseView) => answerBy(row, ticking.now);

export function caseColumns(): Column<CaseView>[] {
  return [
    { id: "answer_by", title: m.orders_case_answer, width: 6.5, text: (row) => due(row)?.text ?? NONE, tone: (row) => DEADLINE_TONES[due(row)?.tone ?? "later"], tip: ({ respond_by }) => respond_by && wholeInstant(respond_by) },
    { id: "kind", title: m.orders_case_what, width: 9, text: ({ kind }) => caseKind(kind) },
    { id: "of", title: m.orders_order, width: 12.5, text: ({ order_id, case_id }) => order_id ?? case_id, cell: of },
    { id: "reason", title: m.orders_case_reason, width: 8, flex: 1, quiet: true, leaves: 1, text: ({ reason }) => (reason === null ? NONE : plainWord(reason)) },
    { id: "amount", title: m.orders_case_amount, width: 7, end: true, text: ({ amount }) => moneyWithCurrency(amount) },
    { id: "turn", title: m.orders_state, width: 10, text: (row) => caseSign(row).word, cell: turn },
    { id: "opened", title: m.orders_case_opened, width: 5.25, quiet: true, leaves: 2, text: ({ opened_at }) => when(opened_at, new Date(ticking.now)), tip: ({ opened_at }) => opened_at && wholeInstant(opened_at) },
  ];
}
