/** Settings and keys of a marketplace: which are asked for when, and what is still missing. */

import type { AccountView, FieldView, MarketplaceView } from "$src/backend/bindings";

/** The worlds of a marketplace, in the order in which they are offered. */
export const ENDPOINTS = ["production", "sandbox", "practice"] as const;
export type EndpointName = (typeof ENDPOINTS)[number];

export function isEndpoint(name: string): name is EndpointName {
  return ENDPOINTS.some((one) => one === name);
}

/** What stands in the form at first: defaults, over them what the account has. */
export function initial(fields: readonly FieldView[], account: AccountView | null): Record<string, string> {
  return Object.fromEntries(fields.filter(({ kind }) => kind !== "secret").map(({ key, default: standard }) =>
    [key, account?.settings[key] ?? standard ?? ""]));
}

/** Fields of the step for keys: everything but what is chosen from the marketplace's own lists. */
export function keyFields(marketplace: MarketplaceView): FieldView[] {
  return marketplace.fields.filter(({ kind }) => kind !== "default");
}

export function defaultFields(marketplace: MarketplaceView): FieldView[] {
  return marketplace.fields.filter(({ kind }) => kind === "default");
}

/** Whether a key is in the vault; null where the vault does not tell. */
export function kept(account: AccountView | null, key: string): boolean | null {
  return account?.secrets[key] ?? (account === null ? false : null);
}

/** The labels of what is needed and not there yet. Practice needs nothing of the seller. */
export function missing(fields: readonly FieldView[], typed: Readonly<Record<string, string>>, account: AccountView | null, endpoint: string): string[] {
  if (endpoint === "practice" && account === null) return [];
  return fields.filter(({ required, key, kind }) => {
    if (!required || (typed[key] ?? "").trim() !== "") return false;
    return kind === "secret" ? kept(account, key) !== true : true;
  }).map(({ label }) => label);
}

export interface Given { settings: Record<string, string>; secrets: Record<string, string> }

/** What was typed, as the host takes it: keys apart, nothing that is as it was. */
export function given(fields: readonly FieldView[], typed: Readonly<Record<string, string>>, account: AccountView | null): Given {
  const out: Given = { settings: {}, secrets: {} };
  for (const { key, kind } of fields) {
    const value = (typed[key] ?? "").trim();
    if (kind === "secret") {
      if (value !== "") out.secrets[key] = value;
    } else if (value !== (account?.settings[key] ?? "")) out.settings[key] = value;
  }
  return out;
}

/** A name that no other account has: `eBay`, then `eBay 2`. */
export function freeName(title: string, names: readonly string[]): string {
  const taken = new Set(names.map((name) => name.toLowerCase()));
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? title : `${title} ${count}`;
    if (!taken.has(name.toLowerCase())) return name;
  }
}
