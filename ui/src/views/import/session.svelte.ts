/** The file that is on its way in. It outlives the view: going elsewhere and back finds it as it was. */

import type { ImportApplyResponse, ImportForm, ImportOpenResponse, ImportPreviewResponse, NamedValue } from "$src/backend/bindings";
import { CallError } from "$src/backend/error";
import { call } from "$src/backend/host";
import { begin, runOf, stop, type Run } from "$src/backend/runs.svelte";

import { RECOGNISED } from "./form";
import { assign, carried, mapOf, usesOf, withDefault, type Uses } from "./mapping";

/** Files up to this size are looked at again by themselves when a column is changed. */
const AT_ONCE_BYTES = 24_000_000;
/** Changes that follow each other are one. */
const GATHER_MS = 350;

export type Phase = "none" | "opening" | "open" | "applying" | "applied";

export class ImportSession {
  path = $state<string | null>(null);
  phase = $state<Phase>("none");
  /** What is said of how the file is written. */
  form = $state.raw<ImportForm>(RECOGNISED);
  opened = $state.raw<ImportOpenResponse | null>(null);
  uses = $state.raw<Uses>([]);
  defaults = $state.raw<readonly NamedValue[]>([]);
  /** Under which name the columns are kept once the file is applied; empty keeps nothing. */
  profile = $state("");
  preview = $state.raw<ImportPreviewResponse | null>(null);
  /** What is shown is of other columns than those that are chosen now. */
  stale = $state(false);
  checking = $state(false);
  /** The check or the applying was stopped by hand. */
  stopped = $state(false);
  /** Why the file, its preview or its import is not there. */
  error = $state.raw<unknown>(null);
  result = $state.raw<ImportApplyResponse | null>(null);
  /** When the preview was read, and how long that took, in milliseconds. */
  checkedAt = $state<number | null>(null);
  took = $state<number | null>(null);

  #runId = $state<string | null>(null);
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  get run(): Run | null { return runOf(this.#runId); }

  /** Whether a changed column is checked without being asked to. */
  get atOnce(): boolean { return (this.opened?.bytes ?? 0) <= AT_ONCE_BYTES; }

  /** Whether what is shown can be applied. */
  get ready(): boolean {
    const counts = this.preview?.import;
    return this.phase === "open" && !this.stale && !this.checking && counts !== undefined && counts.new + counts.changed > 0;
  }

  /** Opens a file, and looks at what it would do; not while one is being applied. */
  async open(path: string, profile: string | null = null): Promise<void> {
    if (this.phase === "applying") return;
    // What was said of this very file stays said, unless a profile is asked for, which has its own.
    const said = this.opened !== null || Object.values(this.form).some((part) => part !== null);
    const form = path === this.path && profile === null && said ? this.form : null;
    this.#forget();
    this.#asked += 1;
    const asked = this.#asked;
    this.path = path;
    this.form = form ?? RECOGNISED;
    this.phase = "opening";
    try {
      const opened = await call("import_open", { file: path, profile, form });
      if (asked !== this.#asked) return;
      this.opened = opened;
      this.form = opened.form;
      this.uses = usesOf(opened.columns);
      this.defaults = opened.defaults;
      this.profile = opened.profile ?? "";
      this.phase = "open";
    } catch (error) {
      if (asked === this.#asked) this.error = error;
      return;
    }
    await this.check();
  }

  /** Reads the file as it is said to be written. What columns were taken for by hand stays, as far
   *  as the columns still have their names. */
  async reform(form: ImportForm): Promise<void> {
    const { path, opened: before, phase } = this;
    if (path === null || (phase !== "open" && phase !== "opening")) return;
    clearTimeout(this.#timer);
    this.#asked += 1;
    const asked = this.#asked;
    this.form = form;
    this.stale = this.preview !== null;
    if (this.#runId !== null) await stop(this.#runId).catch(() => undefined);
    if (asked !== this.#asked) return;
    this.error = null;
    this.checking = before !== null;
    try {
      const opened = await call("import_open", { file: path, profile: before?.profile ?? null, form });
      if (asked !== this.#asked) return;
      this.uses = before === null ? usesOf(opened.columns) : carried(before.columns, this.uses, opened.columns);
      if (before === null) {
        this.defaults = opened.defaults;
        this.profile = opened.profile ?? "";
      }
      this.opened = opened;
      this.phase = "open";
    } catch (error) {
      if (asked === this.#asked) this.error = error;
      return;
    } finally {
      if (asked === this.#asked) this.checking = false;
    }
    await this.check();
  }

  /** Takes a column for something. */
  take(place: number, field: string): void {
    this.uses = assign(this.uses, place, field);
    this.#changed();
  }

  /** Fills blank cells of a field; an empty value fills none. */
  fill(name: string, value: string): void {
    this.defaults = withDefault(this.defaults, name, value);
    this.#changed();
  }

  #changed(): void {
    this.stale = true;
    clearTimeout(this.#timer);
    if (this.atOnce) this.#timer = setTimeout(() => void this.check(), GATHER_MS);
  }

  /** Reads the file as its columns are taken now. A check that is under way is given up. */
  async check(): Promise<void> {
    const { path, opened } = this;
    if (path === null || opened === null || this.phase !== "open") return;
    clearTimeout(this.#timer);
    this.#asked += 1;
    const asked = this.#asked;
    const before = this.#runId;
    if (before !== null) await stop(before).catch(() => undefined);
    if (asked !== this.#asked) return;
    const from = performance.now();
    this.checking = true;
    this.stopped = false;
    const { id, answer } = begin("import_preview", { file: path, map: mapOf(opened.columns, this.uses), defaults: [...this.defaults], form: this.form });
    this.#runId = id;
    try {
      const preview = await answer;
      if (asked !== this.#asked) return;
      this.preview = preview;
      this.error = null;
      this.stale = false;
      this.checkedAt = Date.now();
      this.took = performance.now() - from;
    } catch (error) {
      if (asked !== this.#asked) return;
      if (error instanceof CallError && error.kind === "cancelled") this.stopped = true;
      else this.error = error;
      this.stale = this.preview !== null;
    } finally {
      if (asked === this.#asked) {
        this.checking = false;
        this.#runId = null;
      }
    }
  }

  /** Applies what is shown: all of it or nothing. */
  async apply(): Promise<void> {
    const { preview } = this;
    if (!this.ready || preview === null) return;
    this.phase = "applying";
    this.error = null;
    this.stopped = false;
    const { id, answer } = begin("import_apply", { staged: preview.staged, profile: this.profile || null });
    this.#runId = id;
    try {
      this.result = await answer;
      this.phase = "applied";
    } catch (error) {
      if (error instanceof CallError && error.kind === "cancelled") this.stopped = true;
      else this.error = error;
      this.phase = "open";
    } finally {
      this.#runId = null;
    }
  }

  /** Writes the rows that are left out. Answers how many. */
  async saveErrors(out: string): Promise<number> {
    if (this.preview === null) return 0;
    return (await call("import_errors", { staged: this.preview.staged, out })).done;
  }

  /** Lets go of the file; nothing of it was applied. What is being applied is stopped first. */
  async leave(): Promise<void> {
    if (this.phase === "applying") return;
    const { preview, phase } = this;
    const running = this.#runId;
    this.#forget();
    this.#asked += 1;
    if (running !== null) await stop(running).catch(() => undefined);
    if (preview !== null && phase !== "applied") await call("import_drop", { staged: preview.staged }).catch(() => undefined);
  }

  #forget(): void {
    clearTimeout(this.#timer);
    this.path = null;
    this.phase = "none";
    this.opened = null;
    this.form = RECOGNISED;
    this.uses = [];
    this.defaults = [];
    this.profile = "";
    this.preview = null;
    this.stale = false;
    this.checking = false;
    this.stopped = false;
    this.error = null;
    this.result = null;
    this.checkedAt = null;
    this.took = null;
  }
}

/** The one file: the host keeps one as well. */
export const session = new ImportSession();
