/** The language of the window, switchable while it runs, and the forms of numbers and dates. */

import { overwriteGetLocale, type Locale } from "$src/words/runtime.js";

import { speak } from "$src/backend/host";
import { readAllAgain } from "$src/backend/query.svelte";

export type { Locale };

/** Each language by its own name. */
export const LOCALES: readonly { id: Locale; name: string }[] = [
  { id: "en", name: "English" },
  { id: "pt-BR", name: "Português (Brasil)" },
  { id: "zh-TW", name: "繁體中文" },
];

let current = $state<Locale>("en");

// Every message asks this, so that what is shown changes with it.
overwriteGetLocale(() => current);

export const locale = {
  get id(): Locale { return current; },
};

/** Speaks another language from now on, here and in what the host answers. */
export function setLocale(id: Locale): void {
  const changed = id !== current;
  current = id;
  speak(id);
  if (typeof document !== "undefined") document.documentElement.lang = id;
  if (changed) readAllAgain();
}

/** The best of our languages for the ones that the system prefers. */
export function bestLocale(preferred: readonly string[]): Locale {
  for (const wish of preferred) {
    const exact = LOCALES.find(({ id }) => id.toLowerCase() === wish.toLowerCase());
    const near = LOCALES.find(({ id }) => id.split("-")[0] === wish.toLowerCase().split("-")[0]);
    const found = exact ?? near;
    if (found !== undefined) return found.id;
  }
  return "en";
}

/** One of several words by number: the plural rules of the language. */
export function plural(count: number, words: { one: () => string; other: () => string }): string {
  const rule = new Intl.PluralRules(current).select(count);
  return rule === "one" ? words.one() : words.other();
}
