/** Where the window is: `#/products/SKU?tab=stock&brand=Sony`. The address holds everything that a
 *  view needs to be shown again, so that going back, a link and a saved view are the same thing. */

export type ViewId =
  | "home" | "products" | "orders" | "listings" | "import" | "sync" | "accounts" | "settings" | "guide" | "start";

export interface Place {
  view: ViewId;
  /** What is open in the view: a SKU, an order. */
  item: string | null;
  /** Filters, sort, tab: whatever the view says. Empty ones are left out. */
  params: Readonly<Record<string, string>>;
}

const VIEWS: readonly ViewId[] = [
  "home", "products", "orders", "listings", "import", "sync", "accounts", "settings", "guide", "start",
];

/** A place from an address; Home for one that is not known. */
export function parsePlace(hash: string): Place {
  const [path = "", search = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const [name, item] = path.split("/", 2);
  const view = VIEWS.find((id) => id === name) ?? "home";
  const params = Object.fromEntries([...new URLSearchParams(search)].filter(([, value]) => value !== ""));
  return { view, item: item ? decodeURIComponent(item) : null, params };
}

/** The address of a place. */
export function address(view: ViewId, item: string | null = null, params: Record<string, string> = {}): string {
  const filled = Object.entries(params).filter(([, value]) => value !== "");
  const search = new URLSearchParams(filled).toString();
  return `#/${view}${item === null ? "" : `/${encodeURIComponent(item)}`}${search === "" ? "" : `?${search}`}`;
}

let place = $state.raw<Place>(parsePlace(globalThis.location?.hash ?? ""));

export const route = {
  get view(): ViewId { return place.view; },
  get item(): string | null { return place.item; },
  get params(): Readonly<Record<string, string>> { return place.params; },
};

interface GoOptions {
  /** Takes the place of this step instead of adding one: for typing in a filter. */
  replace?: boolean;
}

/** Goes to a view, an item in it, with these parameters. */
export function go(view: ViewId, item: string | null = null, params: Record<string, string> = {}, options: GoOptions = {}): void {
  const to = address(view, item, params);
  if (options.replace) history.replaceState(null, "", to);
  else if (to !== location.hash) history.pushState(null, "", to);
  place = parsePlace(to);
}

/** Opens an item in this view, or closes it with null; parameters stay. */
export function openItem(item: string | null): void {
  go(place.view, item, { ...place.params }, { replace: place.item !== null && item !== null });
}

/** Changes parameters of this view; an empty text takes one away. */
export function setParams(change: Record<string, string>, options: GoOptions = { replace: true }): void {
  go(place.view, place.item, { ...place.params, ...change }, options);
}

/** Follows the address. Answers how to stop. */
export function followAddress(): () => void {
  const follow = () => (place = parsePlace(location.hash));
  follow();
  window.addEventListener("hashchange", follow);
  window.addEventListener("popstate", follow);
  return () => {
    window.removeEventListener("hashchange", follow);
    window.removeEventListener("popstate", follow);
  };
}
