/** What is chosen for the window is shown at once and kept a moment later: an answer of the host that
 *  was asked for before that must not put it back. */

import type { SettingsSetRequest } from "$src/backend/bindings";
import { call } from "$src/backend/host";

let changes = 0;
let open = 0;

/** A choice was made that the host does not have yet. */
export function chosen(): void {
  changes += 1;
}

/** Has the host keep choices. */
export async function keepChoices(choices: SettingsSetRequest): Promise<void> {
  chosen();
  open += 1;
  try {
    await call("settings_set", choices);
  } finally {
    open -= 1;
    chosen();
  }
}

/** Reads what the host keeps, and again as long as something is chosen meanwhile. */
export async function readChoices() {
  for (;;) {
    const before = changes;
    const settings = await call("settings", {});
    if (changes === before && open === 0) return settings;
    // Being kept now: the host says so when it is.
    if (open > 0) return null;
  }
}
