/** The way to the host in the desktop app. */

import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import { getCurrentWebview } from "@tauri-apps/api/webview";

import type { Event as HostEvent } from "./bindings";
import { asCallError, type Transport } from "./transport";

/** Undoes a subscription that may not have been made yet. */
function later(subscription: Promise<() => void>): () => void {
  return () => void subscription.then((stop) => stop());
}

/** The host opens what is the marketplaces' or the catalogue's own, and nothing else. */
async function openOutside(url: string): Promise<void> {
  try {
    await invoke("open_page", { url });
  } catch (reason) {
    throw asCallError(reason);
  }
}

export const tauri: Transport = {
  async call(name, request) {
    try {
      return await invoke("call", { name, request });
    } catch (reason) {
      throw asCallError(reason);
    }
  },
  listen(handler) {
    return later(listen<HostEvent>("barrow", ({ payload }) => handler(payload)));
  },
  async pickFile(kinds) {
    const filters = kinds.map(({ name, extensions }) => ({ name, extensions }));
    const picked = await invoke<string | null>("plugin:dialog|open", {
      options: { multiple: false, directory: false, filters },
    });
    return picked;
  },
  async pickFiles(kinds) {
    const filters = kinds.map(({ name, extensions }) => ({ name, extensions }));
    const options = { multiple: true, directory: false, filters };
    return (await invoke<string[] | null>("plugin:dialog|open", { options })) ?? [];
  },
  async saveFile(name, kinds) {
    const filters = kinds.map((kind) => ({ name: kind.name, extensions: kind.extensions }));
    return invoke<string | null>("plugin:dialog|save", { options: { defaultPath: name, filters } });
  },
  async placeFor(name) {
    try {
      return await invoke<string>("free_place", { name });
    } catch (reason) {
      throw asCallError(reason);
    }
  },
  onDrop(handler) {
    return later(
      getCurrentWebview().onDragDropEvent(({ payload }) => {
        if (payload.type === "drop") handler({ over: false, path: payload.paths[0] ?? null });
        else handler({ over: payload.type !== "leave", path: null });
      }),
    );
  },
  async openFolder(path) {
    await openOutside(path);
  },
  async openPage(url) {
    await openOutside(url);
  },
};
