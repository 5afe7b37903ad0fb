/** What the tests of connections found, while the window is open. */

import { SvelteMap } from "svelte/reactivity";

import type { AccountCheckResponse } from "$src/backend/bindings";
import { call } from "$src/backend/host";

export interface CheckRecord {
  found: AccountCheckResponse | null;
  /** Why it could not be tested, in the host's words. */
  error: string | null;
  testing: boolean;
}

const records = new SvelteMap<string, CheckRecord>();

export const checks = {
  of(account: string): CheckRecord | undefined {
    return records.get(account);
  },
  /** Forgets what is not true any more: other keys, another name. */
  forget(account: string): void {
    records.delete(account);
  },
  /** Asks the marketplace what the account may do. Changes nothing there. */
  async test(account: string): Promise<CheckRecord> {
    records.set(account, { found: records.get(account)?.found ?? null, error: null, testing: true });
    let record: CheckRecord;
    try {
      record = { found: await call("account_check", { name: account }), error: null, testing: false };
    } catch (error) {
      record = { found: null, error: error instanceof Error ? error.message : String(error), testing: false };
    }
    records.set(account, record);
    return record;
  },
};
