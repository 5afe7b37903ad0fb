/** What the seller chose of the window's looks. Kept with the catalogue; a copy on this computer
 *  is read before the first paint, so that nothing flashes in another theme. */

import type { Density, SettingsSetRequest, Theme } from "$src/backend/bindings";
import { onTouched } from "$src/backend/host";

import { keepChoices, readChoices } from "./keeping";
import { takeLayouts } from "./layouts.svelte";
import { bestLocale, LOCALES, setLocale, type Locale } from "./locale.svelte";
import { notifyError } from "./notices.svelte";

export type { Density, Theme };

export const THEMES: readonly Theme[] = ["system", "light", "dark"];
export const DENSITIES: readonly Density[] = ["regular", "close", "wide"];

interface Kept {
  theme: Theme;
  density: Density;
  /** Null for the system's. */
  language: Locale | null;
  /** The side shows icons only. Of this computer, not of the catalogue. */
  folded: boolean;
}

const KEY = "barrow.preferences";

let kept = $state.raw<Kept>({ theme: "system", density: "regular", language: null, folded: false });

export const preferences = {
  get theme(): Theme { return kept.theme; },
  get density(): Density { return kept.density; },
  get language(): Locale | null { return kept.language; },
  get folded(): boolean { return kept.folded; },
};

/** Shows a choice at once and keeps it. */
export function prefer(choice: Partial<Kept>): void {
  take(choice);
  const { theme, density, language } = choice;
  const sent: SettingsSetRequest = {};
  if (theme !== undefined) sent.theme = theme;
  if (density !== undefined) sent.density = density;
  if (language !== undefined) sent.language = language ?? "";
  if (Object.keys(sent).length > 0) keepChoices(sent).catch(notifyError);
}

/** Reads the copy of this computer. Call once, before anything is shown. */
export function readPreferences(): void {
  let text = "{}";
  try {
    text = localStorage.getItem(KEY) ?? "{}";
  } catch {
    // A webview without storage shows the system's looks until the host has answered.
  }
  take(parse(text));
}

/** Takes what the catalogue keeps, now and whenever another window changes it. Answers how to stop. */
export function followSettings(): () => void {
  const read = () => {
    readChoices().then((settings) => {
      if (settings === null) return;
      const { theme, density, language } = settings;
      take({ theme, density, language: knownLocale(language) });
      takeLayouts(settings.layouts);
    }, notifyError);
  };
  read();
  return onTouched((tags) => { if (tags.includes("settings")) read(); });
}

function knownLocale(id: unknown): Locale | null {
  return LOCALES.find((locale) => locale.id === id)?.id ?? null;
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
  const language = knownLocale(value.language);
  if (theme !== undefined) read.theme = theme;
  if (density !== undefined) read.density = density;
  if (language !== null) read.language = language;
  if (typeof value.folded === "boolean") read.folded = value.folded;
  return read;
}

function take(choice: Partial<Kept>): void {
  kept = { ...kept, ...choice };
  const root = document.documentElement;
  if (kept.theme === "system") delete root.dataset.theme;
  else root.dataset.theme = kept.theme;
  root.dataset.density = kept.density;
  setLocale(kept.language ?? bestLocale(navigator.languages));
  try {
    localStorage.setItem(KEY, JSON.stringify(kept));
  } catch {
    // Only the first paint of the next start misses it.
  }
}
