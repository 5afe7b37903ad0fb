/** What can be done from everywhere. */

import { m } from "$words";

import type { Action } from "./actions.svelte";
import { frame } from "./frame.svelte";
import { LOCALES, locale } from "./locale.svelte";
import { DENSITIES, prefer, preferences, THEMES } from "./preferences.svelte";
import { walkRegions } from "./regions";
import { go, type ViewId } from "./route.svelte";
import { VIEWS } from "./views";

const THEME_WORDS = { system: m.look_theme_system, light: m.look_theme_light, dark: m.look_theme_dark };
const DENSITY_WORDS = { regular: m.look_density_regular, close: m.look_density_close, wide: m.look_density_wide };

/** Places that have keys of their own. */
const KEYS: Partial<Record<ViewId, string>> = { settings: "Mod+,", guide: "F1" };

function next<T>(all: readonly T[], now: T): T {
  return all[(all.indexOf(now) + 1) % all.length] ?? now;
}

function places(): Action[] {
  return VIEWS.filter((view) => view.id !== "start").map((view) => ({
    id: `go.${view.id}`,
    title: view.title,
    icon: view.icon,
    group: "go",
    keys: KEYS[view.id] ?? (view.key === null ? undefined : `G ${view.key}`),
    run: () => go(view.id),
  }));
}

function looks(): Action[] {
  const themes = THEMES.filter((theme) => theme !== preferences.theme).map((theme): Action => ({
    id: `theme.${theme}`, title: THEME_WORDS[theme], icon: "settings", run: () => prefer({ theme }),
  }));
  const densities = DENSITIES.filter((one) => one !== preferences.density).map((density): Action => ({
    id: `density.${density}`, title: DENSITY_WORDS[density], icon: "density", run: () => prefer({ density }),
  }));
  const languages = LOCALES.filter(({ id }) => id !== locale.id).map(({ id, name }): Action => ({
    id: `locale.${id}`, title: () => m.look_language({ name }), icon: "settings", run: () => prefer({ language: id }),
  }));
  return [...themes, ...densities, ...languages];
}

/** Actions of the frame. Undo, redo and sync are those of `frame.svelte.ts`. */
export function frameActions(): Action[] {
  return [
    { id: "palette", title: m.frame_find, keys: "Mod+K", hidden: true, run: () => frame.openPalette() },
    ...places(),
    { id: "fold", title: m.frame_fold, icon: "columns", keys: "Mod+\\", run: () => prefer({ folded: !preferences.folded }) },
    { id: "sync", title: m.frame_sync_now, icon: "sync", keys: "Mod+Shift+S", run: () => void frame.sync("sync") },
    { id: "pull", title: m.frame_pull_now, icon: "import", run: () => void frame.sync("pull") },
    { id: "push", title: m.frame_push_now, icon: "export", run: () => void frame.sync("push") },
    { id: "undo", title: m.frame_undo, icon: "undo", keys: "Mod+Z", run: () => void frame.undo() },
    { id: "redo", title: m.frame_redo, icon: "redo", keys: "Mod+Shift+Z", run: () => void frame.redo() },
    { id: "region.next", title: m.frame_region_next, keys: "F6", hidden: true, run: () => walkRegions(1) },
    { id: "region.before", title: m.frame_region_before, keys: "Shift+F6", hidden: true, run: () => walkRegions(-1) },
    { id: "theme.next", title: m.look_theme_next, keys: "Alt+T", hidden: true, run: () => prefer({ theme: next(THEMES, preferences.theme) }) },
    { id: "density.next", title: m.look_density_next, keys: "Alt+D", hidden: true, run: () => prefer({ density: next(DENSITIES, preferences.density) }) },
    ...looks(),
  ];
}
