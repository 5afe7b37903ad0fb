/** Long commands: begun, watched and stopped under a name. */

import { SvelteMap } from "svelte/reactivity";

import type { Commands, COMMANDS, Event, RunStage } from "./bindings";
import { call, listen, type RequestOf, type ResponseOf } from "./host";

/** The commands that can be watched and stopped. */
export type RunName = {
  [K in keyof Commands]: (typeof COMMANDS)[K] extends { runs: true } ? K : never;
}[keyof Commands];

/** How far one account of a run is; work on the catalogue itself has no account. */
export interface Step {
  account: string | null;
  stage: RunStage;
  done: number;
  total: number | null;
  /** Something of it was sent: a run plans and sends in turns until every answer is there. */
  begun: boolean;
}

export interface Run {
  id: string;
  name: RunName;
  /** One for each account, in the order in which they began. */
  steps: readonly Step[];
  /** What was told last. */
  latest: Step | null;
  stopping: boolean;
  /** Accounts that nothing more is sent to, by their names; the others go on. */
  stopped: readonly string[];
}

/** A run that has ended: with its answer, or with why it was not done. */
export interface OverRun {
  id: string;
  name: RunName;
  /** Milliseconds since 1970. */
  ended: number;
  answer: unknown;
  error: string | null;
}

/** Ended runs that are remembered while the window is open. */
const OVER_MAX = 20;

let counted = 0;
let over = $state.raw<readonly OverRun[]>([]);
let planning = $state.raw<Step | null>(null);
const running = new SvelteMap<string, Run>();

/** What is running, the oldest first. */
export const runs = {
  get all(): Run[] { return [...running.values()]; },
  get latest(): Run | null { return [...running.values()].at(-1) ?? null; },
  /** What has ended since the window was opened, the last first. */
  get over(): readonly OverRun[] { return over; },
  /** How far the plan is that is being read, or was read last. */
  get planning(): Step | null { return planning; },
  /** Whether one of these runs. */
  some(...names: RunName[]): boolean { return this.all.some((run) => names.includes(run.name)); },
};

export interface Begun<K extends RunName> {
  id: string;
  answer: Promise<ResponseOf<K>>;
}

/** Begins a long command. `runOf(id)` tells how far it is; `stop(id)` ends it at a safe point. */
export function begin<K extends RunName>(name: K, request: RequestOf<K>): Begun<K> {
  counted += 1;
  const id = `window-${Date.now().toString(36)}-${counted}`;
  running.set(id, { id, name, steps: [], latest: null, stopping: false, stopped: [] });
  const end = (answer: unknown, error: unknown) => {
    running.delete(id);
    const text = error === null ? null : error instanceof Error ? error.message : String(error);
    over = [{ id, name, ended: Date.now(), answer, error: text }, ...over].slice(0, OVER_MAX);
  };
  const answer = call(name, { ...request, run: id });
  answer.then((done) => end(done, null), (error: unknown) => end(null, error));
  return { id, answer };
}

export function runOf(id: string | null): Run | null {
  return id === null ? null : (running.get(id) ?? null);
}

/** Ends a run at its next safe point. What was done by then stays done. */
export async function stop(id: string): Promise<void> {
  const run = running.get(id);
  if (run === undefined) return;
  running.set(id, { ...run, stopping: true });
  await call("run_cancel", { run: id });
}

/** Sends no more to one account of a run; the others go on. */
export async function stopAccount(id: string, account: string): Promise<void> {
  const run = running.get(id);
  if (run === undefined || run.stopped.includes(account)) return;
  running.set(id, { ...run, stopped: [...run.stopped, account] });
  await call("run_cancel", { run: id, account });
}

/** Takes what the host tells of a run. */
export function follow(event: Event): void {
  if (event.type !== "progress") return;
  const { account, stage, done, total } = event;
  const told = { account, stage, done, total, begun: stage === "send" };
  // A plan is no run: nothing has to be ended.
  if (event.run === null && stage === "plan") planning = told;
  const run = event.run === null ? undefined : running.get(event.run);
  if (run === undefined) return;
  const known = run.steps.find((one) => one.account === account);
  const step = { ...told, begun: told.begun || known?.begun === true };
  const steps = known
    ? run.steps.map((one) => (one.account === account ? step : one))
    : [...run.steps, step];
  running.set(run.id, { ...run, steps, latest: step });
}

/** Follows the host. Answers how to stop. */
export function followHost(): () => void {
  return listen(follow);
}
