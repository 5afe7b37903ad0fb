/** Saved views: filters, sort and columns of a list under a name. Kept on this computer. */

import type { ViewId } from "./route.svelte";

export interface SavedView {
  name: string;
  params: Record<string, string>;
}

const KEY = "barrow.views";
const VIEWS_MAX = 20;

type Kept = Partial<Record<ViewId, SavedView[]>>;

let kept = $state.raw<Kept>(read());

function read(): Kept {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return typeof value === "object" && value !== null ? (value as Kept) : {};
  } catch {
    return {};
  }
}

function keep(next: Kept): void {
  kept = next;
  try {
    localStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    // Without storage they last as long as the window.
  }
}

export const savedViews = {
  of(view: ViewId): readonly SavedView[] {
    return kept[view] ?? [];
  },
  /** Saves a view under a name, over one of that name. */
  save(view: ViewId, name: string, params: Readonly<Record<string, string>>): void {
    const others = this.of(view).filter((one) => one.name !== name);
    keep({ ...kept, [view]: [...others, { name, params: { ...params } }].slice(-VIEWS_MAX) });
  },
  remove(view: ViewId, name: string): void {
    keep({ ...kept, [view]: this.of(view).filter((one) => one.name !== name) });
  },
};
