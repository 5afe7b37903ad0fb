/** Consents that were asked for and not given yet, while the window is open. */

import { SvelteMap } from "svelte/reactivity";

import type { AccountConsentResponse } from "$src/backend/bindings";

const records = new SvelteMap<string, AccountConsentResponse>();

/** By account, so that another tab of its drawer does not lose what the browser is about to answer. */
export const consents = {
  of(account: string): AccountConsentResponse | null {
    return records.get(account) ?? null;
  },
  asked(account: string, answer: AccountConsentResponse): void {
    records.set(account, answer);
  },
  forget(account: string): void {
    records.delete(account);
  },
};
