/** Pausing, resuming and ending listings of chosen products. */

import type { ListingsManyRequest, ListingTurn } from "$src/backend/bindings";
import { m } from "$words";

import type { Chosen } from "./many";

/** What one listing can be asked for by itself. */
export type Turn = "listing_pause" | "listing_resume" | "listing_end";

export type TurnOfMany = Exclude<ListingTurn, "category">;
export const TURNS: readonly TurnOfMany[] = ["pause", "resume", "end"];

interface TurnWords {
  title: () => string;
  act: (count: { count: string }) => string;
  done: (count: { count: string }) => string;
}

export const TURN_WORDS: Record<TurnOfMany, TurnWords> = {
  pause: { title: m.listings_pause, act: m.listings_pause_do, done: m.listings_paused },
  resume: { title: m.listings_resume, act: m.listings_resume_do, done: m.listings_resumed },
  end: { title: m.listings_end, act: m.listings_end_do, done: m.listings_ended },
};

/** What the host is asked: at one account, or at all where none is said. */
export function turnRequest(turn: TurnOfMany, chosen: Chosen, account: string): ListingsManyRequest {
  return { ...chosen, accounts: account === "" ? [] : [account], turn };
}
