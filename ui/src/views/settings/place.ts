/** What is told of the keeper of the keys. */

import type { KeysKept } from "$src/backend/bindings";
import type { StateName } from "$src/parts/states";
import { m } from "$words";

export interface KeyWords {
  state: StateName;
  word: string;
  note: string;
}

export function keyWords(kept: KeysKept): KeyWords {
  switch (kept) {
    case "keyring": return { state: "live", word: m.settings_keys_keyring(), note: m.settings_keys_keyring_note() };
    case "file": return { state: "live", word: m.settings_keys_file(), note: m.settings_keys_file_note() };
    case "memory": return { state: "needs_you", word: m.settings_keys_memory(), note: m.settings_keys_memory_note() };
    case "nowhere": return { state: "needs_you", word: m.settings_keys_nowhere(), note: m.settings_keys_nowhere_note() };
  }
}
