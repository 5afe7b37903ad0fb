/** The steps to a price or a quantity, in words. */

import type { Step } from "$src/backend/bindings";
import { m } from "$words";

import type { ChainStep } from "./Chain.svelte";
import { decimal } from "./format";

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
