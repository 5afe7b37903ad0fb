/** The columns of listings that were made elsewhere. */

import { NONE } from "$src/parts/format";
import type { Column } from "$src/parts/grid/columns.svelte";
import { m } from "$words";

import type { ListedElsewhere } from "./elsewhere.svelte";

/** The SKUs of a listing; that some are missing stands first, since it is mended before all else. */
export function skusText({ skus, variations }: Pick<ListedElsewhere, "skus" | "variations">): string {
  if (skus.length === 0) return m.accounts_elsewhere_no_sku();
  const all = skus.join(", ");
  return skus.length < variations ? `${m.accounts_elsewhere_no_sku()}, ${all}` : all;
}

export function elsewhereColumns(): Column<ListedElsewhere>[] {
  return [
    { id: "listing", title: m.accounts_elsewhere_listing, width: 8.5, text: ({ id }) => id },
    { id: "sku", title: m.accounts_elsewhere_sku, width: 9, flex: 1, text: skusText, tone: ({ skus, variations }) => (skus.length < variations ? "low" : "") },
    { id: "product", title: m.accounts_elsewhere_product, width: 9, flex: 1, quiet: true, text: ({ titles }) => titles.join(", ") || NONE },
    { id: "price", title: m.products_price, width: 8.5, end: true, text: ({ price }) => price },
    { id: "units", title: m.accounts_elsewhere_units, width: 5, end: true, text: ({ units }) => units },
  ];
}
