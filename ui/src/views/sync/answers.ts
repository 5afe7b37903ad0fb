/** What was answered, as a notice. */

import type { ActionReport } from "$src/backend/bindings";
import { frame } from "$src/app/frame.svelte";
import { plural } from "$src/app/locale.svelte";
import type { Notice } from "$src/app/notices.svelte";
import { quantity } from "$src/parts/format";
import { m } from "$words";

/** What became of a yes or a no; a yes can be sent at once. */
export function answerText({ done, refused }: ActionReport, yes: boolean): Omit<Notice, "id" | "at" | "tone"> & { tone?: Notice["tone"] } {
  const of = { count: quantity(done) };
  const text = yes
    ? plural(done, { one: () => m.sync_approved_one(of), other: () => m.sync_approved(of) })
    : plural(done, { one: () => m.sync_kept_one(of), other: () => m.sync_kept(of) });
  const [first] = refused;
  if (first !== undefined) return { text: `${text} ${first.reason}`, tone: "refused" };
  return yes && !frame.syncing ? { text, action: { label: m.sync_send_now(), run: () => void frame.sync("push") } } : { text };
}
