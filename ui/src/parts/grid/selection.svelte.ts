/** What is chosen in a list: some by name, or all that are found but a few. */

import { SvelteSet } from "svelte/reactivity";

/** What a command is told: these keys, or everything found without these. */
export interface Picked {
  all: boolean;
  /** Chosen ones; with `all`, those that were taken out again. */
  keys: string[];
}

export class Selection {
  #all = $state(false);
  #keys = new SvelteSet<string>();
  /** Where a range begins. */
  anchor: number | null = null;

  get isAll(): boolean { return this.#all; }

  has(key: string): boolean {
    return this.#keys.has(key) !== this.#all;
  }

  set(key: string, chosen: boolean): void {
    if (chosen !== this.#all) this.#keys.add(key);
    else this.#keys.delete(key);
  }

  toggle(key: string): void {
    this.set(key, !this.has(key));
  }

  /** Everything that is found, read or not. */
  chooseAll(): void {
    this.#keys.clear();
    this.#all = true;
  }

  clear(): void {
    this.#keys.clear();
    this.#all = false;
    this.anchor = null;
  }

  /** How many are chosen of so many found. */
  count(total: number): number {
    return this.#all ? Math.max(0, total - this.#keys.size) : this.#keys.size;
  }

  get picked(): Picked {
    return { all: this.#all, keys: [...this.#keys] };
  }
}
