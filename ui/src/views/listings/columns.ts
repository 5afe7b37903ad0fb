/** The columns of the table: the product, and one for each account. */

import type { ListingCounts, ProductView } from "$src/backend/bindings";
import type { Column } from "$src/parts/grid/columns.svelte";
import { m } from "$words";

import { cellAt, cellText, titleOf } from "./cells";
import { standing } from "./Cells.svelte";

const PREFIX = "at:";

/** The account of a column; empty for a column of the product. */
export function accountOf(column: string): string {
  return column.startsWith(PREFIX) ? column.slice(PREFIX.length) : "";
}

/** From this many accounts on the later ones leave where there is no room. */
const STAY = 4;

export function listingColumns(accounts: readonly Pick<ListingCounts, "account" | "marketplace">[]): Column<ProductView>[] {
  return [
    { id: "title", title: m.listings_product, width: 12, flex: 1, text: titleOf },
    { id: "sku", title: m.listings_sku, width: 8.375, flex: 0.5, most: 20, quiet: true, leaves: 40, text: (row) => row.sku },
    ...accounts.map(({ account, marketplace }, at): Column<ProductView> => ({
      id: `${PREFIX}${account}`, mark: marketplace, title: () => account, width: 7.5, flex: 0.25, leaves: at < STAY ? undefined : Math.min(at, 39),
      text: (row) => cellText(cellAt(row, account)), cell: standing,
    })),
  ];
}
