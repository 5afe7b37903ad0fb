/** What can be done now: by key, in the palette, in menus. Views bring their own while shown. */

import { untrack } from "svelte";

import type { IconName } from "$src/parts/icons";

import { chordOf, findsByTyping, isSign, isTyping, Scanner, Sequence } from "./keys";

export interface Action {
  /** Unique, such as `products.duplicate`. */
  id: string;
  /** Its name in the palette. */
  title: () => string;
  /** `Mod+K`, `G H`, `F2`; several ways are several entries. */
  keys?: string | readonly string[];
  icon?: IconName;
  /** Says what it is about, at the right of the palette. */
  note?: () => string;
  group?: "do" | "go";
  /** Not now: neither by key nor in the palette. */
  enabled?: () => boolean;
  /** Also while a text field has the focus. Chords with Mod and F-keys do so anyway. */
  typing?: boolean;
  /** By key only. */
  hidden?: boolean;
  run: () => void;
}

type ActionSet = () => readonly Action[];

let sets = $state.raw<readonly ActionSet[]>([]);

/** Brings actions for as long as the component is shown; later ones win over earlier ones. */
export function provideActions(actions: ActionSet): void {
  $effect(() => {
    untrack(() => (sets = [...sets, actions]));
    return () => (sets = sets.filter((one) => one !== actions));
  });
}

/** Everything that can be done now, the nearest first; of two with one id the nearer. */
export function actionsNow(): Action[] {
  const seen = new Set<string>();
  return [...sets].reverse().flatMap((set) => set()).filter((action) => {
    if (seen.has(action.id)) return false;
    seen.add(action.id);
    return action.enabled?.() ?? true;
  });
}

/** The first way to an action by key. */
export function keysOf(action: Action): string | null {
  const keys = action.keys;
  return keys === undefined ? null : typeof keys === "string" ? keys : (keys[0] ?? null);
}

function boundTo(action: Action, chord: string): boolean {
  return typeof action.keys === "string" ? action.keys === chord : (action.keys?.includes(chord) ?? false);
}

/** What a text field does itself: undo, choose all, cut, copy, paste. */
const TEXT_CHORDS = /^Mod\+(Shift\+)?[ZYAXCV]$/;

/** Whether a chord does something while a text field has the focus. */
function worksTyping(action: Action, chord: string): boolean {
  if (TEXT_CHORDS.test(chord)) return false;
  return action.typing === true || /^(Mod\+|Alt\+)/.test(chord) || /^(Shift\+)?F\d+$/.test(chord);
}

type ScanHandler = (text: string) => void;
let scanHandlers: readonly ScanHandler[] = [];

/** Says who finds what a scanner read; later ones win over earlier ones. Answers how to stop. */
export function provideScan(handler: ScanHandler): () => void {
  scanHandlers = [...scanHandlers, handler];
  return () => {
    scanHandlers = scanHandlers.filter((one) => one !== handler);
  };
}

/** While a dialog or a menu is open, keys belong to it. */
export const modal = { open: 0 };

/** Gives the keys to what is open, for as long as it is. Called while a component is set up. */
export function takeKeys(open: () => boolean): void {
  $effect(() => {
    if (!open()) return;
    modal.open += 1;
    return () => {
      modal.open -= 1;
    };
  });
}

/** Follows the keyboard of the whole window. Answers how to stop. */
export function followKeys(target: Window = window): () => void {
  const sequence = new Sequence();
  const scanner = new Scanner();
  let held: ReturnType<typeof setTimeout> | undefined;

  const find = (name: string, typing: boolean) =>
    actionsNow().find((action) => boundTo(action, name) && (!typing || worksTyping(action, name)));
  const begins = (chord: string) =>
    actionsNow().some(({ keys }) => [keys ?? []].flat().some((one) => one.startsWith(`${chord} `)));

  /** Before anything that has the focus: a scan belongs to the window, also in a list. */
  const scan = (event: KeyboardEvent) => {
    if (event.isComposing || modal.open > 0 || isTyping(event.target)) return;
    if (isSign(event) && scanner.sign(event.key, event.timeStamp)) {
      clearTimeout(held);
      return event.preventDefault();
    }
    if (event.key !== "Enter") return;
    const scanned = scanner.enter(event.timeStamp);
    const onScan = scanHandlers.at(-1);
    if (scanned === null || onScan === undefined) return;
    event.preventDefault();
    onScan(scanned);
  };

  const press = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing || modal.open > 0) return;
    if (isSign(event) && findsByTyping(event.target)) return;
    const typing = isTyping(event.target);
    const chord = chordOf(event);
    const at = event.timeStamp;
    const names = typing ? [chord] : sequence.names(chord, at);
    const action = names.map((name) => find(name, typing)).find((one) => one !== undefined);
    if (action === undefined) {
      if (!typing && begins(chord)) sequence.begin(chord, at);
      return;
    }
    event.preventDefault();
    // A single sign may be the first of a scan: wait as long as a scanner would.
    if (!typing && isSign(event)) held = setTimeout(() => action.run(), scanner.gap_ms);
    else action.run();
  };
  target.addEventListener("keydown", scan, true);
  target.addEventListener("keydown", press);
  return () => {
    clearTimeout(held);
    target.removeEventListener("keydown", scan, true);
    target.removeEventListener("keydown", press);
  };
}
