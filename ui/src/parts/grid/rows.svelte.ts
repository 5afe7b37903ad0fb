/** Rows of a list that is longer than what is held: pages by position, read when they are seen. */

import type { CacheTag } from "$src/backend/bindings";
import { onTouched } from "$src/backend/host";

import type { Stretch } from "./layout";

export const PAGE = 100;

/** Pages that are held; those farthest from what is shown go first. */
const PAGES_MAX = 60;
/** `touched` comes twice for an own command: both are one reading. */
const GATHER_MS = 30;

export interface RowPage<Row> {
  rows: readonly Row[];
  /** How many there are in all; null where that is not known yet. */
  total: number | null;
}

export interface RowSource<Row> {
  /** What a row is told by, over all edits. */
  key(row: Row): string;
  /** Reads rows from a position on. Rejects with a `CallError`. */
  page(at: number, limit: number): Promise<RowPage<Row>>;
  /** What the rows depend on. */
  tags: readonly CacheTag[];
}

export class Rows<Row> {
  total = $state<number | null>(null);
  error = $state.raw<unknown>(null);
  /** Nothing of the present question was read yet. */
  waiting = $state(true);
  /** Counts questions: a list that was asked anew begins at its top. */
  questions = $state(0);
  /** When rows were last read, in milliseconds since 1970. */
  readAt = $state<number | null>(null);

  #busy = $state(0);
  #version = $state(0);
  #pages = new Map<number, readonly Row[]>();
  #stale = new Set<number>();
  #flying = new Set<number>();
  /** Pages that could not be read: not asked for again until something says that it may help. */
  #failed = new Set<number>();
  #wanted = { first: 0, last: -1 };
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #stop: () => void;

  constructor(readonly source: RowSource<Row>) {
    this.#stop = onTouched((tags) => {
      if (tags.some((tag) => source.tags.includes(tag))) this.touch();
    });
  }

  /** Stops listening. Call when the list goes. */
  close(): void {
    clearTimeout(this.#timer);
    this.questions += 1;
    this.#stop();
  }

  /** Whether something is being read, for the first time or again. */
  get reading(): boolean {
    return this.#busy > 0;
  }

  /** A row by its place; undefined while it is not read. */
  at(index: number): Row | undefined {
    void this.#version;
    return this.#pages.get(Math.floor(index / PAGE))?.[index % PAGE];
  }

  /** Rows that are held, with their places: for sums and copies of what was chosen. */
  held(): { index: number; row: Row }[] {
    void this.#version;
    return [...this.#pages.entries()]
      .sort(([a], [b]) => a - b)
      .flatMap(([page, rows]) => rows.map((row, place) => ({ index: page * PAGE + place, row })));
  }

  /** Where a row is among those that are held; null where it is not. */
  indexOf(key: string): number | null {
    void this.#version;
    for (const [page, rows] of this.#pages) {
      const place = rows.findIndex((row) => this.source.key(row) === key);
      if (place >= 0) return page * PAGE + place;
    }
    return null;
  }

  /** Whether all of these rows are read. */
  holds({ first, last }: Stretch): boolean {
    void this.#version;
    const end = Math.min(last, (this.total ?? 0) - 1);
    for (let page = Math.floor(first / PAGE); page <= Math.floor(end / PAGE); page += 1) {
      if (!this.#pages.has(page)) return false;
    }
    return true;
  }

  /** Says which rows are seen: missing ones are read, the nearest first. */
  want(first: number, last: number): void {
    this.#wanted = { first, last };
    this.#read();
  }

  /** Asks anew: another filter, sort or search. What is shown stays until the answer is there. */
  ask(): void {
    this.questions += 1;
    this.#flying.clear();
    this.#failed.clear();
    this.waiting = true;
    this.error = null;
    this.#wanted = { first: 0, last: Math.min(PAGE - 1, Math.max(0, this.#wanted.last - this.#wanted.first)) };
    void this.#load(0, this.questions);
  }

  /** Reads again what is seen; what it showed stays until then. */
  touch(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      for (const page of [...this.#pages.keys(), ...this.#flying]) this.#stale.add(page);
      if (this.error !== null) this.again();
      else this.#read();
    }, GATHER_MS);
  }

  /** Tries again after a failure. */
  again(): void {
    this.#failed.clear();
    if (this.waiting) return void (this.#flying.size === 0 && this.ask());
    this.error = null;
    this.#read();
  }

  /** Shows a row otherwise until it is read again: an edit that was just sent. */
  patch(key: string, change: (row: Row) => Row): void {
    for (const [page, rows] of this.#pages) {
      if (rows.some((row) => this.source.key(row) === key)) {
        this.#pages.set(page, rows.map((row) => (this.source.key(row) === key ? change(row) : row)));
      }
    }
    this.#version += 1;
  }

  #read(): void {
    if (this.waiting) return;
    const { first, last } = this.#wanted;
    // A list with nothing in it is at its first page too: what comes in is seen.
    const end = Math.max(0, this.total === null ? last : Math.min(last, this.total - 1));
    for (let page = Math.floor(Math.min(first, end) / PAGE); page <= Math.floor(end / PAGE); page += 1) {
      const missing = !this.#failed.has(page) && (!this.#pages.has(page) || this.#stale.has(page));
      // One page at a time in each direction: a fast scroll asks only for where it stops.
      if (missing && !this.#flying.has(page) && this.#flying.size < 2) void this.#load(page, this.questions);
    }
  }

  async #load(page: number, question: number): Promise<void> {
    this.#flying.add(page);
    this.#busy += 1;
    // What is touched while it is read is read once more.
    this.#stale.delete(page);
    try {
      const answer = await this.source.page(page * PAGE, PAGE);
      if (question !== this.questions) return;
      if (this.waiting) this.#pages.clear();
      this.#pages.set(page, answer.rows);
      this.total = answer.total ?? Math.max(this.total ?? 0, page * PAGE + answer.rows.length);
      this.waiting = false;
      if (this.#failed.size === 0) this.error = null;
      this.readAt = Date.now();
      this.#forgetFar();
      this.#version += 1;
    } catch (error) {
      if (question !== this.questions) return;
      this.#stale.add(page);
      this.#failed.add(page);
      this.error = error;
    } finally {
      if (question === this.questions) {
        this.#flying.delete(page);
        this.#read();
      }
      this.#busy -= 1;
    }
  }

  /** Says how many there are in all, where a page could not. */
  setTotal(total: number): void {
    this.total = total;
    this.#read();
  }

  #forgetFar(): void {
    if (this.#pages.size <= PAGES_MAX) return;
    const here = Math.floor(this.#wanted.first / PAGE);
    const far = [...this.#pages.keys()].sort((a, b) => Math.abs(b - here) - Math.abs(a - here));
    for (const page of far.slice(0, this.#pages.size - PAGES_MAX)) {
      this.#pages.delete(page);
      this.#stale.delete(page);
    }
  }
}
