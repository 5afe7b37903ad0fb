/** What the frame does for every view: sync, undo and redo, the palette, the guide. */

import type { BatchView } from "$src/backend/bindings";
import { call } from "$src/backend/host";
import { begin, runs, type RunName } from "$src/backend/runs.svelte";
import { counted } from "$src/parts/format";
import { outcomeOf } from "$src/parts/outcome";
import { m } from "$words";

import { dismiss, newestUndo, notify, notifyError, say } from "./notices.svelte";
import { go } from "./route.svelte";
import { scanned } from "./scan";

let paletteOpen = $state(false);
let paletteText = $state("");

/** Rows among which a scanned code is looked for. */
const FOUND_MAX = 10;

export const frame = {
  get paletteOpen(): boolean { return paletteOpen; },
  get paletteText(): string { return paletteText; },
  get syncing(): boolean { return runs.some("sync", "pull", "push"); },

  /** Opens the palette, with something in it already. */
  openPalette(text = ""): void {
    paletteText = text;
    paletteOpen = true;
  },
  closePalette(): void {
    paletteOpen = false;
  },

  /** Pulls, pushes, or both, for all accounts. The status bar tells how far it is. */
  async sync(how: "sync" | "pull" | "push"): Promise<void> {
    if (this.syncing) return;
    try {
      tellRun(how, await begin(how as RunName & ("sync" | "pull" | "push"), {}).answer);
    } catch (error) {
      notifyError(error);
    }
  },

  /** Takes back what was done last: the last edit, whole, or what the newest notice tells of. */
  async undo(): Promise<void> {
    const told = newestUndo();
    if (told?.undo === undefined || told.undoByHand !== true) return turn("edit_undo");
    try {
      const { undo: edit } = await call("edits", {});
      if (edit !== null && Date.parse(edit.at) > told.at) return await turn("edit_undo");
      dismiss(told.id);
      told.undo();
    } catch (error) {
      notifyError(error);
    }
  },
  async redo(): Promise<void> {
    await turn("edit_redo");
  },

  /** Opens what a scanner read: an order by its number, else a product by barcode or SKU. */
  async find(code: string): Promise<void> {
    try {
      const [orders, products] = await Promise.all([
        call("orders", { search: code, limit: FOUND_MAX }),
        call("products", { search: code, limit: FOUND_MAX }),
      ]);
      const place = scanned(code, orders.orders, products.products);
      if (place === null) notify({ text: m.frame_scan_nothing({ code }), tone: "refused" });
      else go(place.view, place.item);
    } catch (error) {
      notifyError(error);
    }
  },
};

/** Says how a run ended: aloud where all is well, else so that it is seen, with the way to more. */
export function tellRun(name: RunName, answer: unknown): void {
  const { state, text, failed, stopped } = outcomeOf({ name, answer, error: null });
  if (state === "live") return say(stopped ? text : `${m.frame_sync_done()} ${text}`);
  notify({ text, tone: failed ? "refused" : "plain", about: ["sync"], action: { label: m.frame_look_sync(), run: () => go("sync") } });
}

/** What an edit was of: one SKU by its name, many by their number. */
export function editOf({ sku, count }: Pick<BatchView, "sku" | "count">): string {
  return sku !== null && count <= 1 ? sku : counted(count, m.count_products_one, m.count_products);
}

async function turn(name: "edit_undo" | "edit_redo"): Promise<void> {
  try {
    const { batch, refused } = await call(name, {});
    const undone = name === "edit_undo";
    if (batch === null) return say(undone ? m.frame_nothing_to_undo() : m.frame_nothing_to_redo());
    const rest = refused[0]?.reason;
    const what = editOf(batch);
    const text = undone ? m.frame_undone({ what }) : m.frame_redone({ what });
    notify({ text: rest === undefined ? text : `${text} ${rest}`, tone: rest === undefined ? "plain" : "refused" });
  } catch (error) {
    notifyError(error);
  }
}
