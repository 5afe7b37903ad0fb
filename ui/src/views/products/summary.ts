/** How a product stands over all accounts, in one sign. */

import { plural } from "$src/app/locale.svelte";
import type { CellState, ListingCell, ProductView } from "$src/backend/bindings";
import { percent, quantity } from "$src/parts/format";
import type { IconName } from "$src/parts/icons";
import { STATES } from "$src/parts/states";
import { LOW } from "$src/parts/lowstock";
import { m } from "$words";

/** What asks for a hand stands before what is on its way, that before what is well. */
const ORDER: readonly CellState[] = ["needs_you", "refused", "unknown", "sent", "pending", "live", "off"];

export interface ListingSign {
  state: CellState;
  word: string;
  icon?: IconName;
}

export function listingSign(cells: readonly ListingCell[]): ListingSign | null {
  for (const state of ORDER) {
    const found = cells.filter((cell) => cell.state === state);
    if (found.length === 0) continue;
    if (state === "off") return offSign(found);
    const count = quantity(found.length);
    if (state === "needs_you") {
      const one = () => m.products_needs_you_one({ count });
      return { state, word: plural(found.length, { one, other: () => m.products_needs_you_other({ count }) }) };
    }
    return { state, word: `${count} ${STATES[state].word()}` };
  }
  return null;
}

/** Off on purpose: paused or ended. */
function offSign(cells: readonly ListingCell[]): ListingSign {
  const paused = cells.some((cell) => cell.listing_state === "paused");
  return paused
    ? { state: "off", word: m.state_paused(), icon: "state-paused" }
    : { state: "off", word: m.state_ended() };
}

/** At or below this few are left. */

/** Few in the warm colour: none is few too. */
export function availableTone({ available }: Pick<ProductView, "available">): string {
  return available <= LOW ? "low" : "";
}

/** What the price leaves over the cost, as a share of the price. */
export function marginText(row: ProductView): string {
  const share = row.margin === null ? null : row.margin / 1000;
  // Far below the cost a decimal says nothing, and the column would cut it.
  return share === null || Math.abs(share) < 10 ? percent(share) : percent(share, false, 0);
}

/** A title with what sets a variant apart. */
export function variantTitle(row: Pick<ProductView, "title" | "options">): string {
  const values = row.options.map(({ value }) => value).filter((value) => value !== "");
  return values.length === 0 ? row.title : `${row.title}, ${values.join(", ")}`;
}

/** Sums of chosen rows that are held, exact: minor units as whole numbers. */
export function sumOf(rows: readonly ProductView[]): { sum: string; average: string; currency: string } | null {
  const currency = rows[0]?.price?.currency;
  const priced = rows.filter((row) => row.price !== null && row.price.currency === currency);
  if (currency === undefined || priced.length === 0) return null;
  const digits = (rows[0]?.price?.amount.split(".")[1] ?? "").length;
  const minor = priced.reduce((sum, row) => sum + BigInt((row.price?.amount ?? "0").replace(".", "")), 0n);
  const count = BigInt(priced.length);
  return { sum: written(minor, digits), average: written((2n * minor + count) / (2n * count), digits), currency };
}

function written(minor: bigint, digits: number): string {
  const text = minor.toString().padStart(digits + 1, "0");
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}
