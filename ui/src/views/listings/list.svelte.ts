/** The rows of the table: pages by position, of a list that the host made once and keeps. */

import { untrack } from "svelte";

import { COMMANDS, type ProductView } from "$src/backend/bindings";
import { call } from "$src/backend/host";
import { Rows } from "$src/parts/grid/rows.svelte";

import type { ListQuestion } from "./question";

/** Rows for as long as the component is shown; asked anew when the question changes. No question has
 *  no rows. */
export function listingRows(question: () => ListQuestion | null): Rows<ProductView> {
  let kept: { asked: string; view: number | null } = { asked: "", view: null };
  const rows = new Rows<ProductView>({
    key: (row) => row.sku,
    tags: COMMANDS.products.reads,
    async page(at, limit) {
      const asked = untrack(question);
      if (asked === null) return { rows: [], total: 0 };
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

  const name = $derived(JSON.stringify(question()));
  $effect(() => {
    void name;
    untrack(() => rows.ask());
  });
  $effect(() => () => rows.close());
  return rows;
}
