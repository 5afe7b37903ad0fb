/** The rows of the list: pages by position, of a list that the host made once and keeps. */

import { untrack } from "svelte";

import { ticking } from "$src/app/clock.svelte";
import { COMMANDS, type OrderGroupView, type OrderRowView } from "$src/backend/bindings";
import { call, onTouched } from "$src/backend/host";
import { Rows } from "$src/parts/grid/rows.svelte";

import type { ListQuestion } from "./question";

export class OrderList {
  /** The days of the list; one group for all of it where it is not sorted by deadline. */
  groups = $state.raw<readonly OrderGroupView[]>([]);
  readonly rows: Rows<OrderRowView>;
  // The host's name of the list, by the question it was made for.
  #kept: { asked: string; view: number | null } = { asked: "", view: null };
  #touches = 0;
  readonly #question: () => ListQuestion;
  readonly #late: () => boolean;
  readonly #stop: () => void;

  /** `late`: it asks for what should have left by now, which is another moment at each reading. */
  constructor(question: () => ListQuestion, late: () => boolean = () => false) {
    this.#question = question;
    this.#late = late;
    this.rows = new Rows<OrderRowView>({
      key: (row) => row.order,
      tags: COMMANDS.order_rows.reads,
      page: (at, limit) => this.#page(at, limit),
    });
    // A list that is kept stays as it was: what was touched since is read in a new one.
    this.#stop = onTouched((tags) => {
      if (!tags.some((tag) => (COMMANDS.order_rows.reads as readonly string[]).includes(tag))) return;
      this.#kept = { asked: "", view: null };
      this.#touches += 1;
    });
  }

  close(): void {
    this.#stop();
    this.rows.close();
  }

  async #page(at: number, limit: number) {
    const question = untrack(this.#question);
    const asked = untrack(this.#late) ? { ...question, filter: { ...question.filter, ship_before: thisMinute() } } : question;
    const name = JSON.stringify(asked);
    const same = JSON.stringify(question);
    const touches = this.#touches;
    const view = this.#kept.asked === name ? this.#kept.view : null;
    const answer = await call("order_rows", { ...asked, at, limit, view });
    if (JSON.stringify(untrack(this.#question)) === same) {
      // One that was made before the touch would be kept for ever.
      if (touches === this.#touches) this.#kept = { asked: name, view: answer.view };
      this.groups = answer.groups;
    }
    return { rows: answer.rows, total: answer.total };
  }
}

/** Now, as far as deadlines care: pages of one reading are of one moment. */
function thisMinute(): string {
  return new Date(Math.floor(Date.now() / 60_000) * 60_000).toISOString();
}

/** The list for as long as the component is shown; asked anew when the question changes. */
export function orderList(question: () => ListQuestion, late: () => boolean): OrderList {
  const list = new OrderList(question, late);
  const asked = $derived(JSON.stringify(question()));
  $effect(() => {
    void asked;
    untrack(() => list.rows.ask());
  });
  // What became late since is seen where the seller is in the list.
  $effect(() => {
    void ticking.now;
    if (late()) untrack(() => list.rows.touch());
  });
  $effect(() => () => list.close());
  return list;
}
