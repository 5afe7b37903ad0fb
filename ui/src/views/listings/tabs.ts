/** The tabs of the view, with how many listings stand so. */

import type { ListingCountsResponse } from "$src/backend/bindings";
import { quantity } from "$src/parts/format";
import { STATES } from "$src/parts/states";
import { m } from "$words";

import { TAB_STATES, type TabId } from "./question";

export interface ListingTab {
  id: TabId;
  title: string;
  count?: string;
}

/** `problems`: how many listings problems keep back. */
export function tabList(counts: ListingCountsResponse | undefined, account: string | null, problems: number | undefined): ListingTab[] {
  const at = account === null ? counts?.total : counts?.accounts.find((one) => one.account === account);
  const told = (count: number | undefined) => (count ? quantity(count) : undefined);
  return [
    { id: "all", title: m.listings_all(), count: told(at?.listings) },
    { id: "problems", title: m.listings_problems(), count: told(problems) },
    ...TAB_STATES.map((state) => ({ id: state, title: state === "off" ? m.listings_off() : capital(STATES[state].word()), count: told(at?.[state]) })),
  ];
}

/** A word as it begins a heading. */
function capital(word: string): string {
  return word.slice(0, 1).toLocaleUpperCase() + word.slice(1);
}
