/** How far the setting up of a rehearsal is: four stages, and each account's own sending. */

import type { Run, Step } from "$src/backend/runs.svelte";
import { quantity } from "$src/parts/format";
import { m } from "$words";

/** What is done one after the other. */
export type Stage = "open" | "fill" | "offer" | "orders";
export const STAGES: readonly Stage[] = ["open", "fill", "offer", "orders"];

/** The stage that a run is at. Accounts are opened before anything is told of. */
export function stageOf(run: Pick<Run, "name" | "latest"> | null): Stage {
  if (run === null) return "open";
  if (run.name === "pull") return "orders";
  const stage = run.latest?.stage;
  if (stage === undefined) return "open";
  return stage === "read" || stage === "apply" ? "fill" : "offer";
}

/** The stages that there are: without the sample nothing is filled or offered. */
export function stagesFor(sample: boolean): readonly Stage[] {
  return sample ? STAGES : STAGES.filter((stage) => stage === "open" || stage === "orders");
}

/** How a stage stands beside the one that is under way. */
export function standing(stage: Stage, now: Stage): "done" | "now" | "later" {
  const [at, here] = [STAGES.indexOf(stage), STAGES.indexOf(now)];
  return at < here ? "done" : at === here ? "now" : "later";
}

/** One account's part of the sending, in words. */
export function accountWord({ stage, done, total }: Step): string {
  if (stage === "plan" || stage === "prepare") return m.start_account_planned();
  if (total === null || total === 0) return m.start_account_waits();
  return m.start_account_sent({ done: quantity(done), total: quantity(total) });
}

/** Its share of 1. */
export function accountShare({ stage, done, total }: Step): number {
  if (stage !== "send" && stage !== "observe") return 0;
  return total === null || total === 0 ? 0 : Math.min(1, done / total);
}
