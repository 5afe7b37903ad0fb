/** What mends a problem of a listing, seen from its panel. */

import type { ListingView, ProblemBody } from "$src/backend/bindings";
import { marketplaceName } from "$src/parts/marks";
import { fieldName, mendPlace, type MendPlace } from "$src/parts/mending";
import { m } from "$words";

export type PanelMend =
  /** A field of the panel itself. */
  | { kind: "own"; label: string; mark: string }
  | ({ kind: "go" } & MendPlace)
  /** The marketplace's own page. */
  | { kind: "page"; label: string; url: string };

/** Fields that a listing can have of its own, as the panel marks them. */
const OWN = ["title", "price", "quantity", "category"];

/** Fields of the product that stand in another tab than the details. */
const TABS: Record<string, string> = { images: "images", quantity: "stock" };

type Where = Pick<ListingView, "account" | "marketplace" | "variant_sku" | "id" | "page">;

export function panelMend({ mend, set_field }: Pick<ProblemBody, "mend" | "set_field">, listing: Where): PanelMend | null {
  const own = (mark: string): PanelMend => ({ kind: "own", label: m.products_mend_set({ field: fieldName(mark) }), mark });
  switch (mend) {
    case "set_category": return own("category");
    case "set_price": return own("price");
    case "set_field": {
      if (set_field === null) return null;
      if (OWN.includes(set_field) || set_field.startsWith("attribute:")) return own(set_field);
      const tab = TABS[set_field] ?? "details";
      return { kind: "go", label: m.products_mend_set({ field: fieldName(set_field) }), view: "products", item: listing.variant_sku, params: { tab, field: set_field } };
    }
    case "open_listing": case "at_marketplace":
      return listing.page === null ? null : { kind: "page", label: m.products_mend_page({ marketplace: marketplaceName(listing.marketplace) }), url: listing.page };
    default: {
      const place = mendPlace(mend, { account: listing.account, sku: listing.variant_sku, listing: listing.id });
      return place === null ? null : { kind: "go", ...place };
    }
  }
}
