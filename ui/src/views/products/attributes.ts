/** Where the attributes of a listing come from. */

import type { AttributeSource, AttributeView } from "$src/backend/bindings";
import { m } from "$words";

const SOURCES: Record<Exclude<AttributeSource, "listing">, () => string> = {
  attribute: m.products_from_product, brand: m.products_from_brand, part_number: m.products_from_part_number, option: m.products_from_option,
};

/** Beside a value that is not the listing's own: `from the brand`. */
export function attributeFrom({ from }: Pick<AttributeView, "from">): string | undefined {
  return from === null || from === "listing" ? undefined : SOURCES[from]();
}
