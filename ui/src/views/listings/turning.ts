/** Pausing, resuming and ending listings of chosen products. */

import type { ActionReport } from "$src/backend/bindings";
import { call } from "$src/backend/host";

export type Turn = "listing_pause" | "listing_resume" | "listing_end";

/** Products whose listings are looked up one by one; more are chosen as all of an account. */
export const CHOSEN_MAX = 500;

/** Everything that an account lists, or the listings of these products. */
export type Chosen = { all: true } | { all: false; skus: readonly string[] };

interface Place {
  account: string;
  site: string;
  skus: string[];
}

/** Where these products are listed and by which SKUs: those there can be others than here. */
async function placesOf(accounts: readonly string[], skus: readonly string[]): Promise<Place[]> {
  const places = new Map<string, Place>();
  for (const sku of skus.slice(0, CHOSEN_MAX)) {
    const { listings } = await call("listings", { sku });
    for (const { account, site, sku: there, state } of listings) {
      if (!accounts.includes(account) || state === "ended" || state === "ending") continue;
      const key = JSON.stringify([account, site]);
      const place = places.get(key) ?? { account, site, skus: [] };
      place.skus.push(there);
      places.set(key, place);
    }
  }
  return [...places.values()];
}

/** Does it at these accounts. Answers how many were done and why others were not. */
export async function turn(command: Turn, accounts: readonly string[], chosen: Chosen): Promise<{ done: number; refused: string[] }> {
  const reports: ActionReport[] = [];
  if (chosen.all) {
    for (const account of accounts) reports.push(await call(command, { account, all: true }));
  } else {
    for (const place of await placesOf(accounts, chosen.skus)) reports.push(await call(command, { ...place }));
  }
  return {
    done: reports.reduce((sum, { done }) => sum + done, 0),
    refused: reports.flatMap(({ refused }) => refused.map(({ reason }) => reason)),
  };
}
