/** How a product stands at one account: the cell of the table. */

import type { CellState, ListingCell, ProductView } from "$src/backend/bindings";
import { money, quantity } from "$src/parts/format";
import type { IconName } from "$src/parts/icons";
import { siteLetters } from "$src/parts/marks";
import { STATES } from "$src/parts/states";
import { m } from "$words";

/** What asks for a hand stands before what is on its way, that before what is well. */
const ORDER: readonly CellState[] = ["needs_you", "refused", "unknown", "sent", "pending", "live", "off"];

/** The listings of a product at an account, site by site: first what asks most for a hand. */
export function cellsAt(row: Pick<ProductView, "cells">, account: string): ListingCell[] {
  const here = (row.cells ?? []).filter((cell) => cell.account === account);
  return here.sort((one, other) => ORDER.indexOf(one.state) - ORDER.indexOf(other.state));
}

/** The cell of an account; of several sites the one that asks most for a hand. */
export function cellAt(row: Pick<ProductView, "cells">, account: string): ListingCell | null {
  return cellsAt(row, account)[0] ?? null;
}

/** Which of several sites a cell tells of, and how many there are beside it: `UK +1`. */
export function siteNote(cells: readonly ListingCell[]): string | null {
  const [first] = cells;
  return first === undefined || cells.length < 2 ? null : `${siteLetters(first.site)} +${quantity(cells.length - 1)}`;
}

export interface CellSign {
  state: CellState;
  word: string;
  icon?: IconName;
  /** The word stands beside the icon; a live one has its price instead. */
  worded: boolean;
  /** What is for sale there, or is wanted there. */
  price: string | null;
  quantity: string | null;
}

export function signOf(cell: ListingCell): CellSign {
  const { state } = cell;
  const live = state === "live";
  const price = live ? (cell.price ?? cell.wanted_price) : cell.wanted_price;
  const paused = state === "off" && cell.listing_state === "paused";
  return {
    state,
    word: state !== "off" ? STATES[state].word() : paused ? m.state_paused() : m.state_ended(),
    icon: paused ? "state-paused" : undefined,
    worded: !live,
    price: state === "off" || price === null ? null : money(price),
    quantity: live ? quantity(cell.quantity ?? cell.wanted_quantity) : null,
  };
}

/** A cell as text: copied and read out. */
export function cellText(cell: ListingCell | null): string {
  if (cell === null) return m.listings_not_listed();
  const { word, price, quantity: count } = signOf(cell);
  return [word, price, count].filter((part) => part !== null).join(" ");
}

/** A title with what sets a variant apart. */
export function titleOf(row: Pick<ProductView, "title" | "options">): string {
  const values = row.options.map(({ value }) => value).filter((value) => value !== "");
  return [row.title, ...values].join(", ");
}
