/** How views are laid out (columns, saved views), by name. Kept with the catalogue; a copy on this
 *  computer is there before the host has answered. */

import { chosen, keepChoices } from "./keeping";
import { notifyError } from "./notices.svelte";

const KEY = "barrow.layouts";
/** A column that is dragged changes many times a second. */
const PAUSE_MS = 400;

type Layouts = Readonly<Record<string, string>>;

let all = $state.raw<Layouts>(copied());
/** Not sent yet. */
let changed: Record<string, string> = {};
let timer: ReturnType<typeof setTimeout> | undefined;

function copied(): Layouts {
  try {
    const value: unknown = JSON.parse(globalThis.localStorage?.getItem(KEY) ?? "{}");
    return typeof value === "object" && value !== null ? (value as Layouts) : {};
  } catch {
    return {};
  }
}

function copy(): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(all));
  } catch {
    // Without storage the host's answer comes a moment later; nothing is lost.
  }
}

export const layouts = {
  /** A layout as it was kept; an empty text where there is none. */
  get(name: string): string {
    return all[name] ?? "";
  },
  /** Keeps a layout; an empty text forgets it. */
  set(name: string, text: string): void {
    all = { ...all, [name]: text };
    copy();
    changed[name] = text;
    chosen();
    clearTimeout(timer);
    timer = setTimeout(() => {
      const sent = changed;
      changed = {};
      keepChoices({ layouts: sent }).catch(notifyError);
    }, PAUSE_MS);
  },
};

/** Takes what the host keeps; what was changed here meanwhile goes before it. */
export function takeLayouts(kept: Layouts): void {
  all = { ...kept, ...changed };
  copy();
}
