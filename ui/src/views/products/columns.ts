/** The columns of the list of products. */

import type { ProductView } from "$src/backend/bindings";
import { money, moneyWithCurrency, NONE, quantity, when, type MoneyLike } from "$src/parts/format";
import type { Column } from "$src/parts/grid/columns.svelte";
import { m } from "$words";

import { listings, title } from "./Cells.svelte";
import { costEditor, priceEditor, stockEditor, titleEditor } from "./edits";
import { availableTone, listingSign, marginText, variantTitle } from "./summary";

/** Waits to be sent or read back: the corner of an edited cell. */
const underWay = (row: ProductView) =>
  (row.cells ?? []).some(({ state, price, wanted_price }) =>
    (state === "pending" || state === "sent") && wanted_price !== null && price?.amount !== wanted_price.amount);

/** `currency`: the one of the list, told in the head; empty where there are several. */
export function productColumns(currency: () => string): Column<ProductView>[] {
  /** The head tells the currency of the list; what is in another names its own. */
  const sum = (value: MoneyLike | null) => (value === null || value.currency === currency() ? money(value) : moneyWithCurrency(value));
  return [
    { id: "sku", title: m.products_sku, width: 8.375, flex: 0.5, most: 20, sort: true, quiet: true, text: (row) => row.sku },
    { id: "title", title: m.products_title, width: 12.875, flex: 1, sort: true, text: variantTitle, cell: title, edit: titleEditor },
    { id: "price", title: m.products_price, unit: currency, width: 5.5, end: true, sort: true, text: (row) => sum(row.price), edit: priceEditor, edited: underWay },
    { id: "cost", title: m.products_cost, width: 5, end: true, sort: true, quiet: true, leaves: 4, text: (row) => sum(row.cost), edit: costEditor },
    { id: "margin", title: m.products_margin, width: 5.25, end: true, sort: true, quiet: true, leaves: 6, text: marginText },
    { id: "on_hand", title: m.products_on_hand, width: 4.75, end: true, sort: true, leaves: 2, text: (row) => quantity(row.on_hand), edit: stockEditor },
    { id: "reserved", title: m.products_reserved, width: 4.75, end: true, quiet: true, leaves: 5, text: (row) => quantity(row.reserved) },
    { id: "available", title: m.products_available, width: 4.75, end: true, sort: true, text: (row) => quantity(row.available), tone: availableTone },
    { id: "listings", title: m.products_listings, width: 7.25, text: (row) => listingSign(row.cells ?? [])?.word ?? NONE, cell: listings, leaves: 1 },
    { id: "changed", title: m.products_changed, width: 6.25, sort: true, quiet: true, leaves: 3, text: (row) => when(row.updated_at) },
    { id: "brand", title: m.products_brand, width: 7, quiet: true, hidden: true, leaves: 7, text: (row) => row.brand ?? NONE },
    { id: "barcode", title: m.products_barcode, width: 8, quiet: true, hidden: true, leaves: 8, text: (row) => row.gtin ?? NONE },
    { id: "mpn", title: m.products_mpn, width: 7, quiet: true, hidden: true, leaves: 9, text: (row) => row.mpn ?? NONE },
  ];
}
