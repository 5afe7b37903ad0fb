/** Which currency amounts are in: that of what is shown, or of the catalogue where nothing says it. */

import type { ProductView } from "$src/backend/bindings";

let own = $state("");

/** The currency of the catalogue's prices, as the host told it; empty where there is none. */
export const catalogue = {
  get currency(): string { return own; },
  learn(currency: string | null | undefined): void {
    own = currency ?? own;
  },
};

/** The currencies of rows, in the order in which they come. */
export function currenciesOf(rows: readonly Pick<ProductView, "price" | "cost">[]): string[] {
  return [...new Set(rows.flatMap(({ price, cost }) => [price, cost].flatMap((value) => value?.currency ?? [])))];
}

/** What an amount of a row is in: its own currency, else the catalogue's. */
export function currencyOf({ price, cost }: Pick<ProductView, "price" | "cost">): string {
  return (price ?? cost)?.currency ?? own;
}
