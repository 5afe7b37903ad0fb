/** What Settings offers to choose from. */

import { plural, LOCALES, type Locale } from "$src/app/locale.svelte";
import { THEMES } from "$src/app/preferences.svelte";
import type { Density, Theme } from "$src/backend/bindings";
import { quantity } from "$src/parts/format";
import { m } from "$words";

interface Offer<V extends string> {
  value: V;
  label: string;
}

/** Minutes between two syncs that are offered. */
export const SYNC_MINUTES: readonly number[] = [5, 10, 15, 30, 60, 120, 240, 1440];

const THEME_WORDS: Record<Theme, () => string> = {
  system: m.settings_theme_system, light: m.settings_theme_light, dark: m.settings_theme_dark,
};
const DENSITY_WORDS: Record<Density, () => string> = {
  regular: m.settings_density_regular, close: m.settings_density_close, wide: m.settings_density_wide,
};

/** The closest first. */
const TIGHT: readonly Density[] = ["close", "regular", "wide"];

export function themes(): Offer<Theme>[] {
  return THEMES.map((value) => ({ value, label: THEME_WORDS[value]() }));
}

export function densities(): Offer<Density>[] {
  return TIGHT.map((value) => ({ value, label: DENSITY_WORDS[value]() }));
}

/** The system's language first, then each by its own name. */
export function languages(): Offer<Locale | "">[] {
  return [{ value: "", label: m.settings_language_system() }, ...LOCALES.map(({ id, name }) => ({ value: id, label: name }))];
}

/** A time between two syncs in words: `every 5 minutes`, `every 2 hours`, `once a day`. */
export function intervalWord(minutes: number): string {
  if (minutes === 1440) return m.settings_sync_daily();
  if (minutes % 60 === 0) {
    const hours = minutes / 60;
    return plural(hours, { one: () => m.settings_sync_hour(), other: () => m.settings_sync_hours({ count: quantity(hours) }) });
  }
  return plural(minutes, { one: () => m.settings_sync_minute(), other: () => m.settings_sync_minutes({ count: quantity(minutes) }) });
}

/** The intervals that are offered, and the chosen one where it is another. `0` is never. */
export function intervals(chosen: number | null): Offer<string>[] {
  const all = [...new Set([...SYNC_MINUTES, ...(chosen === null ? [] : [chosen])])].sort((a, b) => a - b);
  return [{ value: "0", label: m.settings_sync_never() }, ...all.map((minutes) => ({ value: String(minutes), label: intervalWord(minutes) }))];
}
