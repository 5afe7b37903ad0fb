/** Rows of products: pages by position, of a list that the host made once and keeps. */

import { untrack } from "svelte";

import { COMMANDS, type ProductsRequest, type ProductView } from "$src/backend/bindings";
import { call } from "$src/backend/host";

import { Rows } from "./grid/rows.svelte";

export type ProductQuestion = Required<Pick<ProductsRequest, "search" | "sort" | "descending" | "filter">>;

/** Who is still typing is not kept waiting by the count of what was typed before. */
const COUNT_AFTER_MS = 150;

/** Rows for as long as the component is shown; asked anew when the question changes. No question has
 *  no rows; one that is not known yet is waited for. */
export function productRows(question: () => ProductQuestion | null | undefined): Rows<ProductView> {
  // The host's name of the list, by the question it was made for.
  let kept: { asked: string; view: number | null } = { asked: "", view: null };
  let counting: ReturnType<typeof setTimeout> | undefined;

  const rows = new Rows<ProductView>({
    key: (row) => row.sku,
    tags: COMMANDS.products.reads,
    async page(at, limit) {
      const asked = untrack(question);
      if (!asked) return { rows: [], total: 0 };
      const name = JSON.stringify(asked);
      const view = kept.asked === name ? kept.view : null;
      const answer = await call("products", { ...asked, at, limit, view, cells: true });
      // An answer that was overtaken must not stop the counting of the one that is shown.
      if (isAsked(name)) {
        kept = { asked: name, view: answer.view ?? view };
        if (answer.total === null && at === 0) countSoon(asked, name);
      }
      return { rows: answer.products, total: answer.total };
    },
  });

  const isAsked = (name: string) => JSON.stringify(untrack(question)) === name;

  // A search as it is typed answers with the best at once; how many there are comes after.
  function countSoon(asked: ProductQuestion, name: string): void {
    clearTimeout(counting);
    counting = setTimeout(() => {
      if (isAsked(name)) void count(asked, name);
    }, COUNT_AFTER_MS);
  }

  async function count(asked: ProductQuestion, name: string): Promise<void> {
    try {
      const answer = await call("products_count", { ...asked });
      if (!isAsked(name)) return;
      kept = { asked: name, view: answer.view };
      rows.setTotal(answer.count);
    } catch (error) {
      rows.error = error;
    }
  }

  // Equal questions in new objects are the same list: a drawer that opens asks nothing anew.
  const name = $derived<string | undefined>(JSON.stringify(question()));
  $effect(() => {
    if (name !== undefined) untrack(() => rows.ask());
  });
  $effect(() => () => {
    clearTimeout(counting);
    rows.close();
  });
  return rows;
}
