/** Sync by itself while the window is open, as often as the seller chose. It asks nothing and says
 *  yes to nothing: what is held stays held. */

import type { AccountFacts } from "$src/backend/bindings";
import { call, onTouched } from "$src/backend/host";
import { begin } from "$src/backend/runs.svelte";
import { outcomeOf } from "$src/parts/outcome";

import { frame } from "./frame.svelte";
import { homeRequest } from "./summary.svelte";

/** How often it is looked whether a sync is due. */
const LOOK_MS = 20_000;
const MINUTE_MS = 60_000;

let minutes = $state<number | null>(null);
let triedAt = $state<number | null>(null);
let failed = $state<string | null>(null);

export const autosync = {
  /** Minutes between two syncs; null where nothing is synced by itself. */
  get minutes(): number | null { return minutes; },
  /** When the next one is due; null where none is, or it is not known yet. */
  get next(): number | null { return minutes === null || triedAt === null ? null : triedAt + minutes * MINUTE_MS; },
  /** Why the last one was not done. */
  get failed(): string | null { return failed; },
};

/** When a sync is due: so long after the last try, or after the oldest data where none was made. */
export function dueAt(accounts: readonly Pick<AccountFacts, "state" | "pulled_at">[], tried: number | null, every: number): number | null {
  const active = accounts.filter(({ state }) => state === "active");
  if (active.length === 0) return null;
  const oldest = Math.min(...active.map(({ pulled_at }) => (pulled_at === null ? 0 : Date.parse(pulled_at))));
  return Math.max(oldest, tried ?? 0) + every * MINUTE_MS;
}

async function look(now: number): Promise<void> {
  if (minutes === null || frame.syncing) return;
  const { accounts } = await call("home", homeRequest());
  const due = dueAt(accounts, triedAt, minutes);
  if (due === null) {
    triedAt = null;
    return;
  }
  if (now < due) {
    triedAt = due - minutes * MINUTE_MS;
    return;
  }
  // Asked again: the seller may have begun one meanwhile.
  if (frame.syncing) return;
  triedAt = now;
  try {
    const ended = outcomeOf({ name: "sync", answer: await begin("sync", {}).answer, error: null });
    failed = ended.failed ? ended.text : null;
  } catch (error) {
    failed = error instanceof Error ? error.message : String(error);
  }
}

/** Looks after it for as long as the window is open. Answers how to stop. */
export function followAutosync(now: () => number = Date.now): () => void {
  const read = () => {
    call("settings", {}).then((settings) => {
      minutes = settings.sync_minutes;
      if (minutes === null) failed = null;
      tick();
    }, () => undefined); // The frame tells of a host that does not answer.
  };
  // A host that does not answer is told of by what is shown; the next look finds it again.
  const tick = () => void look(now()).catch(() => undefined);
  triedAt = null;
  failed = null;
  const timer = setInterval(tick, LOOK_MS);
  const stop = onTouched((tags) => { if (tags.includes("settings")) read(); });
  read();
  return () => {
    clearInterval(timer);
    stop();
  };
}
