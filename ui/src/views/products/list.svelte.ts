/** The rows of the list: pages by position, of a list that the host made once and keeps. */

import { untrack } from "svelte";

import { COMMANDS, type ProductView } from "$src/backend/bindings";
import { call } from "$src/backend/host";
import { Rows } from "$src/parts/grid/rows.svelte";

import type { ListQuestion } from "./question";

/** Rows for as long as the component is shown; asked anew when the question changes. */
export function productRows(question: () => ListQuestion): Rows<ProductView> {
  // The host's name of the list, by the question it was made for.
  let kept: { asked: string; view: number | null } = { asked: "", view: null };

  const rows = new Rows<ProductView>({
    key: (row) => row.sku,
    tags: COMMANDS.products.reads,
    async page(at, limit) {
      const asked = untrack(question);
      const name = JSON.stringify(asked);
      const view = kept.asked === name ? kept.view : null;
      const answer = await call("products", { ...asked, at, limit, view, cells: true });
      kept = { asked: name, view: answer.view ?? view };
      if (answer.total === null && at === 0) void count(asked, name);
      return { rows: answer.products, total: answer.total };
    },
  });

  // A search as it is typed answers with the best at once; how many there are comes after.
  async function count(asked: ListQuestion, name: string): Promise<void> {
    try {
      const answer = await call("products_count", { ...asked });
      if (JSON.stringify(untrack(question)) !== name) return;
      kept = { asked: name, view: answer.view };
      rows.setTotal(answer.count);
    } catch (error) {
      rows.error = error;
    }
  }

  // Equal questions in new objects are the same list: a drawer that opens asks nothing anew.
  const name = $derived(JSON.stringify(question()));
  $effect(() => {
    void name;
    untrack(() => rows.ask());
  });
  $effect(() => () => rows.close());
  return rows;
}
