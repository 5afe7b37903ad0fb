/** Answers that were read, kept by command and request until something they depend on is touched. */

import { COMMANDS, type CacheTag } from "./bindings";
import { call, onTouched, type CommandName, type RequestOf, type ResponseOf } from "./host";

/** Answers that are kept though nothing shows them. */
const IDLE_MAX = 200;

/** `touched` comes for own commands twice, from here and from the host: both are one reading. */
const GATHER_MS = 30;

export interface Answer<T> {
  /** The last answer; it stays while it is read again, and when that fails. */
  data: T | undefined;
  error: unknown;
  loading: boolean;
  /** When `data` was read, in milliseconds since 1970. */
  readAt: number | undefined;
}

interface Entry {
  name: CommandName;
  request: object;
  answer: Answer<unknown>;
  /** Out of date; while it is read: touched since that reading began. */
  stale: boolean;
  watchers: Set<() => void>;
}

/** An object's keys in order, so that equal requests have equal names. */
export function keyOf(name: string, request: object): string {
  const sorted = (_: string, value: unknown): unknown =>
    value !== null && typeof value === "object" && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value;
  return `${name} ${JSON.stringify(request, sorted)}`;
}

export class AnswerCache {
  #entries = new Map<string, Entry>();
  #gathered = new Set<CacheTag>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Stops hearing of what is touched. */
  readonly close: () => void;

  constructor(private readonly now: () => number = Date.now) {
    this.close = onTouched((tags) => this.touch(tags));
  }

  /** Shows an answer until the result is called; `changed` is told of every change of it. */
  watch<K extends CommandName>(name: K, request: RequestOf<K>, changed: () => void): {
    answer: () => Answer<ResponseOf<K>>;
    again: () => void;
    stop: () => void;
  } {
    const key = keyOf(name, request);
    let entry = this.#entries.get(key);
    if (entry === undefined) {
      const answer = { data: undefined, error: undefined, loading: false, readAt: undefined };
      entry = { name, request, answer, stale: true, watchers: new Set() };
      this.#entries.set(key, entry);
    }
    const watched = entry;
    watched.watchers.add(changed);
    // What failed may be there by now.
    if (!watched.answer.loading && (watched.stale || watched.answer.error !== undefined)) void this.#read(watched);
    return {
      answer: () => watched.answer as Answer<ResponseOf<K>>,
      again: () => this.#want(watched),
      stop: () => {
        watched.watchers.delete(changed);
        this.#forgetIdle();
      },
    };
  }

  /** What depends on these tags is read again where it is shown, and forgotten elsewhere. */
  touch(tags: readonly CacheTag[]): void {
    for (const tag of tags) this.#gathered.add(tag);
    this.#timer ??= setTimeout(() => this.#drop(), GATHER_MS);
  }

  /** Everything is out of date: another language, another catalogue. */
  touchAll(): void {
    for (const entry of this.#entries.values()) entry.stale = true;
    this.#readStale();
  }

  #drop(): void {
    this.#timer = undefined;
    const touched = new Set(this.#gathered);
    this.#gathered.clear();
    for (const entry of this.#entries.values()) {
      const reads: readonly CacheTag[] = COMMANDS[entry.name].reads;
      if (reads.some((tag) => touched.has(tag))) entry.stale = true;
    }
    this.#readStale();
  }

  #readStale(): void {
    for (const [key, entry] of this.#entries) {
      if (!entry.stale) continue;
      if (entry.watchers.size > 0) this.#want(entry);
      else if (!entry.answer.loading) this.#entries.delete(key);
    }
  }

  /** One that had failed is there: so may be the others, which failed with it. */
  #readFailed(): void {
    for (const entry of this.#entries.values()) {
      if (entry.answer.error !== undefined && entry.watchers.size > 0 && !entry.answer.loading) void this.#read(entry);
    }
  }

  /** Reads an answer. One that is being read is waited for and read once more after that: what is
   *  touched oftener than it can be read is still shown. */
  #want(entry: Entry): void {
    if (entry.answer.loading) entry.stale = true;
    else void this.#read(entry);
  }

  async #read(entry: Entry): Promise<void> {
    entry.stale = false;
    const failed = entry.answer.error !== undefined;
    this.#tell(entry, { ...entry.answer, loading: true });
    try {
      const data = await call(entry.name, entry.request as RequestOf<typeof entry.name>);
      this.#tell(entry, { data, error: undefined, loading: false, readAt: this.now() });
      if (failed) this.#readFailed();
    } catch (error) {
      this.#tell(entry, { ...entry.answer, error, loading: false });
    }
    if (!entry.stale) return;
    if (entry.watchers.size > 0) void this.#read(entry);
    else this.#forget(entry);
  }

  #forget(entry: Entry): void {
    const key = keyOf(entry.name, entry.request);
    if (this.#entries.get(key) === entry) this.#entries.delete(key);
  }

  #tell(entry: Entry, answer: Answer<unknown>): void {
    entry.answer = answer;
    for (const changed of entry.watchers) changed();
  }

  #forgetIdle(): void {
    let idle = [...this.#entries.values()].filter((entry) => entry.watchers.size === 0).length;
    for (const [key, entry] of this.#entries) {
      if (idle <= IDLE_MAX) return;
      if (entry.watchers.size > 0) continue;
      this.#entries.delete(key);
      idle -= 1;
    }
  }
}
