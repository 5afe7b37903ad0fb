/** What the palette shows for a text: pure, so that it can be tested without a window. */

import type { Action } from "./actions.svelte";

export interface PaletteQuestion {
  text: string;
  products: boolean;
  orders: boolean;
  actions: boolean;
}

/** `>` asks for actions only, `#` for orders only. */
export function question(typed: string): PaletteQuestion {
  const text = typed.trim();
  if (text.startsWith(">")) return { text: text.slice(1).trim(), products: false, orders: false, actions: true };
  if (text.startsWith("#")) return { text: text.slice(1).trim(), products: false, orders: true, actions: false };
  return { text, products: text !== "", orders: text !== "", actions: true };
}

function plain(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

/** Whether every word of a text begins a word of a title. */
export function matches(title: string, text: string): boolean {
  const words = plain(title).split(/[^\p{L}\p{N}]+/u);
  const joined = plain(title);
  return plain(text).split(/\s+/).filter(Boolean)
    .every((wish) => words.some((word) => word.startsWith(wish)) || (wish.length > 2 && joined.includes(wish)));
}

/** The actions that a text asks for: those that begin with it first. */
export function findActions(actions: readonly Action[], text: string): Action[] {
  const begins = (action: Action) => (plain(action.title()).startsWith(plain(text)) ? 0 : 1);
  return actions
    .filter((action) => action.hidden !== true && matches(action.title(), text))
    .map((action, place) => ({ action, place }))
    .sort((a, b) => begins(a.action) - begins(b.action) || a.place - b.place)
    .map(({ action }) => action);
}

/** A title in pieces, those that were asked for marked. */
export function pieces(title: string, text: string): { text: string; hit: boolean }[] {
  const wishes = text.split(/\s+/).filter(Boolean).sort((a, b) => b.length - a.length);
  if (wishes.length === 0) return [{ text: title, hit: false }];
  const escaped = wishes.map((wish) => wish.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return title
    .split(new RegExp(`(${escaped.join("|")})`, "iu"))
    .map((piece, at) => ({ text: piece, hit: at % 2 === 1 }))
    .filter((piece) => piece.text !== "");
}
