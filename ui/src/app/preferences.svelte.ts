/** What the seller chose of the window's looks. Kept on this computer, read before the first paint. */

import { bestLocale, LOCALES, setLocale, type Locale } from "./locale.svelte";

export type Theme = "system" | "light" | "dark";
export type Density = "regular" | "close" | "wide";

export const THEMES: readonly Theme[] = ["system", "light", "dark"];
export const DENSITIES: readonly Density[] = ["regular", "close", "wide"];

interface Kept {
  theme: Theme;
  density: Density;
  locale: Locale;
  folded: boolean;
}

const KEY = "barrow.preferences";

let kept = $state<Kept>({ theme: "system", density: "regular", locale: "en", folded: false });

export const preferences = {
  get theme(): Theme { return kept.theme; },
  get density(): Density { return kept.density; },
  get locale(): Locale { return kept.locale; },
  /** The side shows icons only. */
  get folded(): boolean { return kept.folded; },
};

/** Keeps a choice and shows it at once. */
export function prefer(choice: Partial<Kept>): void {
  kept = { ...kept, ...choice };
  apply();
  try {
    localStorage.setItem(KEY, JSON.stringify(kept));
  } catch {
    // A webview without storage forgets the looks at its end; nothing else depends on them.
  }
}

/** Reads what was chosen before. Call once, before anything is shown. */
export function readPreferences(system: readonly string[] = navigator.languages): void {
  kept = { ...kept, locale: bestLocale(system), ...parse(stored()) };
  apply();
}

function stored(): string {
  try {
    return localStorage.getItem(KEY) ?? "{}";
  } catch {
    return "{}";
  }
}

/** Takes what is known out of a text that may be from another version. */
export function parse(text: string): Partial<Kept> {
  let value: Partial<Record<keyof Kept, unknown>>;
  try {
    value = (JSON.parse(text) ?? {}) as typeof value;
  } catch {
    return {};
  }
  const read: Partial<Kept> = {};
  const theme = THEMES.find((one) => one === value.theme);
  const density = DENSITIES.find((one) => one === value.density);
  const language = LOCALES.find(({ id }) => id === value.locale);
  if (theme !== undefined) read.theme = theme;
  if (density !== undefined) read.density = density;
  if (language !== undefined) read.locale = language.id;
  if (typeof value.folded === "boolean") read.folded = value.folded;
  return read;
}

function apply(): void {
  const root = document.documentElement;
  if (kept.theme === "system") delete root.dataset.theme;
  else root.dataset.theme = kept.theme;
  root.dataset.density = kept.density;
  setLocale(kept.locale);
}
