/** Rows that are not held, read for what is done to many of them at once. */

import type { Stretch } from "./layout";
import type { Rows } from "./rows.svelte";

/** Rows that are reached at once; what is meant for more is told to the host as a whole. */
export const REACHED_MAX = 10_000;
const PAGE = 1_000;

/** The rows of a stretch in their order, those that are held and those that are not. Null where they
 *  are too many, or where the list became another one meanwhile. Rejects where they cannot be read. */
export async function reach<Row>(rows: Rows<Row>, { first, last }: Stretch): Promise<Row[] | null> {
  if (last - first >= REACHED_MAX) return null;
  const { questions } = rows;
  const found: Row[] = [];
  for (let at = first; at <= last; at += PAGE) {
    const wanted = Math.min(PAGE, last - at + 1);
    const page = await rows.source.page(at, wanted);
    if (rows.questions !== questions) return null;
    found.push(...page.rows.slice(0, wanted));
    if (page.rows.length < wanted) break;
  }
  return found;
}

/** The rows of a stretch where all of them are held; null where one is not. */
export function heldAmong<Row>(rows: Rows<Row>, { first, last }: Stretch): Row[] | null {
  const found: Row[] = [];
  for (let at = first; at <= last; at += 1) {
    const row = rows.at(at);
    if (row === undefined) return null;
    found.push(row);
  }
  return found;
}
