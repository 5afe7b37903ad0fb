/** The host's codes in words. */

import type { Condition, MovementKind } from "$src/backend/bindings";
import { m } from "$words";

export { chainOf } from "$src/parts/steps";

const CONDITION: Record<Condition, () => string> = {
  new: m.condition_new, new_other: m.condition_new_other, new_with_defects: m.condition_new_with_defects,
  certified_refurbished: m.condition_certified_refurbished, seller_refurbished: m.condition_seller_refurbished,
  excellent_refurbished: m.condition_excellent_refurbished, very_good_refurbished: m.condition_very_good_refurbished,
  good_refurbished: m.condition_good_refurbished, pre_owned_excellent: m.condition_pre_owned_excellent,
  pre_owned_fair: m.condition_pre_owned_fair,
  like_new: m.condition_like_new, very_good: m.condition_very_good, good: m.condition_good,
  acceptable: m.condition_acceptable, for_parts: m.condition_for_parts,
};

export function conditionWord(condition: Condition): string {
  return CONDITION[condition]();
}

const MOVEMENT: Record<MovementKind, () => string> = {
  count: m.movement_count, correction: m.movement_correction, shipped: m.movement_shipped,
  returned: m.movement_returned, transfer: m.movement_transfer,
};

export function movementWord(kind: MovementKind): string {
  return MOVEMENT[kind]();
}

const FIELD: Record<string, () => string> = {
  price: m.products_price, cost: m.products_cost, title: m.products_title, brand: m.products_brand,
  quantity: m.products_on_hand, gtin: m.products_barcode, mpn: m.products_mpn, sku: m.products_sku,
  description: m.products_description, condition: m.products_condition, weight: m.products_weight, images: m.products_images,
  compare_at: m.products_compare_at, asin: m.products_asin, category: m.products_category, tags: m.products_tags,
};

/** A field's name; attributes by their own. */
export function fieldWord(field: string): string {
  const [, name] = /^(?:variant_)?attribute:(.*)$/.exec(field) ?? [];
  return name ?? FIELD[field]?.() ?? field;
}

/** Who caused a write: `user`, `import:46`, `account:2`, `rule:1`. */
export function originWord(origin: string): string {
  const [kind = "", id = ""] = origin.split(":", 2);
  switch (kind) {
    case "user": return m.origin_user();
    case "import": return m.origin_import({ id });
    case "account": return m.origin_account();
    case "rule": return m.origin_rule();
    default: return origin;
  }
}
