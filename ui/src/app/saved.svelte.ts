/** Saved views: filters, sort and search of a list under a name. */

import { layouts } from "./layouts.svelte";
import type { ViewId } from "./route.svelte";

export interface SavedView {
  name: string;
  params: Record<string, string>;
}

const VIEWS_MAX = 20;

/** Saved views out of a text that may be from another version. */
export function parseSaved(text: string): SavedView[] {
  try {
    const value: unknown = JSON.parse(text || "[]");
    if (!Array.isArray(value)) return [];
    return value.filter((one): one is SavedView =>
      typeof one === "object" && one !== null && typeof one.name === "string" && typeof one.params === "object");
  } catch {
    return [];
  }
}

export const savedViews = {
  of(view: ViewId): readonly SavedView[] {
    return parseSaved(layouts.get(`saved.${view}`));
  },
  /** Saves a view under a name, over one of that name. */
  save(view: ViewId, name: string, params: Readonly<Record<string, string>>): void {
    const others = this.of(view).filter((one) => one.name !== name);
    keep(view, [...others, { name, params: { ...params } }].slice(-VIEWS_MAX));
  },
  remove(view: ViewId, name: string): void {
    keep(view, this.of(view).filter((one) => one.name !== name));
  },
};

function keep(view: ViewId, views: readonly SavedView[]): void {
  layouts.set(`saved.${view}`, views.length === 0 ? "" : JSON.stringify(views));
}
