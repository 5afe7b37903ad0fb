/** The views of the window, in the order of the side. A folder in `views/` with a `View.svelte`
 *  is all that a view needs to be shown. */

import type { Component } from "svelte";

import type { IconName } from "$src/parts/icons";
import { m } from "$words";

import type { ViewId } from "./route.svelte";

export interface ViewEntry {
  id: ViewId;
  icon: IconName;
  title: () => string;
  /** The key after G. */
  key: string | null;
  load: () => Promise<{ default: Component }>;
}

const files = import.meta.glob<{ default: Component }>("../views/*/View.svelte");

const KNOWN: readonly Omit<ViewEntry, "load">[] = [
  { id: "home", icon: "home", title: m.frame_home, key: "H" },
  { id: "products", icon: "products", title: m.frame_products, key: "P" },
  { id: "orders", icon: "orders", title: m.frame_orders, key: "O" },
  { id: "listings", icon: "listings", title: m.frame_listings, key: "L" },
  { id: "import", icon: "import", title: m.frame_import, key: "I" },
  { id: "sync", icon: "sync", title: m.frame_sync, key: "S" },
  { id: "accounts", icon: "accounts", title: m.frame_accounts, key: "A" },
  { id: "guide", icon: "guide", title: m.frame_guide, key: null },
  { id: "settings", icon: "settings", title: m.frame_settings, key: null },
  { id: "start", icon: "barrow", title: m.frame_start, key: null },
];

export const VIEWS: readonly ViewEntry[] = KNOWN.flatMap((view) => {
  const load = files[`../views/${view.id}/View.svelte`];
  return load === undefined ? [] : [{ ...view, load }];
});

export function viewOf(id: ViewId): ViewEntry | undefined {
  return VIEWS.find((view) => view.id === id);
}
