/** The host's codes in words. */

import type { Condition, MovementKind, Step } from "$src/backend/bindings";
import type { ChainStep } from "$src/parts/Chain.svelte";
import { decimal } from "$src/parts/format";
import { m } from "$words";

const CONDITION: Record<Condition, () => string> = {
  new: m.condition_new, new_other: m.condition_new_other, new_with_defects: m.condition_new_with_defects,
  certified_refurbished: m.condition_certified_refurbished, seller_refurbished: m.condition_seller_refurbished,
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

/** The steps to a number, as the chain shows them. */
export function chainOf(steps: readonly Step[]): ChainStep[] {
  return steps.map(({ kind, value }) => {
    const [first = "", ...rest] = value.split(" ");
    const number = decimal(first);
    switch (kind) {
      case "base_price": return { title: m.step_base_price(), value: number };
      case "base_cost": return { title: m.step_base_cost(), value: number };
      case "price_override": return { title: m.step_own_price(), value: number };
      case "converted": return { title: m.step_converted(), by: rest.join(" "), value: number };
      case "times": return { title: m.step_times(), by: `× ${number}` };
      case "plus": return { title: m.step_plus(), by: first.startsWith("-") ? number : `+ ${number}` };
      case "fees": return { title: m.step_fees(), by: `${number} %` };
      case "rounded": return { title: m.step_rounded(), value: number };
      case "floor": return { title: m.step_floor({ floor: number }), by: m.step_floor_idle(), idle: true };
      case "raised_to_floor": return { title: m.step_raised(), value: number };
      case "available": return { title: m.step_available(), value: number };
      case "kit_part": return { title: m.step_kit_part({ sku: first }), value: rest.join(" ") };
      case "paused": return { title: m.step_paused(), value: "0" };
      case "quantity_override": return { title: m.step_own_quantity(), value: number };
      case "buffer": return { title: m.step_buffer(), by: `− ${number}` };
      case "cap": return { title: m.step_cap(), by: number };
      case "share": return { title: m.step_share(), by: `${number} %` };
      case "fixed": return { title: m.step_fixed(), value: number };
      case "at_most_available": return { title: m.step_at_most(), value: number };
      case "one_pool": return { title: m.step_one_pool(), value: number };
      case "marketplace_maximum": return { title: m.step_maximum(), value: number };
    }
  });
}
