/** Looks for a marketplace's category by words, as they are typed. */

import type { CategorySearchResponse, CategoryView } from "$src/backend/bindings";

/** Who is still typing is not answered: each search is a call to the marketplace. */
export const SEARCH_AFTER_MS = 300;
const SIGNS_MIN = 2;

/** Whether a text is looked for: a number is a category itself. */
export function isSearched(text: string): boolean {
  const words = text.trim();
  return words.length >= SIGNS_MIN && !/^\d+$/.test(words);
}

/** A category's path as one line. */
export function pathOf({ path, id }: CategoryView): string {
  return path.length === 0 ? id : path.join(" › ");
}

export class CategorySearch {
  found = $state.raw<readonly CategoryView[]>([]);
  /** Which of them Enter takes. */
  at = $state(0);
  loading = $state(false);
  error = $state<string | null>(null);
  /** The words that `found` answers; null where nothing is looked for. */
  answered = $state<string | null>(null);
  /** Whether a category is a name at this marketplace. */
  #byName = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = "";

  constructor(private readonly find: (words: string) => Promise<CategorySearchResponse>) {}

  /** What was typed. */
  type(text: string): void {
    clearTimeout(this.#timer);
    this.#asked = text.trim();
    if (!isSearched(text)) return this.clear();
    if (this.#asked === this.answered) return;
    this.loading = true;
    this.#timer = setTimeout(() => void this.#search(this.#asked), SEARCH_AFTER_MS);
  }

  /** Forgets what was found. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#asked = "";
    this.loading = false;
    this.error = null;
    this.answered = null;
    this.found = [];
  }

  move(by: number): void {
    const { length } = this.found;
    if (length > 0) this.at = (this.at + by + length) % length;
  }

  /** The one that Enter takes for a text; none while another text is answered. */
  chosen(text: string): CategoryView | undefined {
    return this.answered === text.trim() ? this.found[this.at] : undefined;
  }

  /**
   * Whether a text can be a category as it is: none, a number, one by name, or, where categories
   * are names, what nothing is known of. What could not be looked for is none: words are not kept
   * for want of an answer.
   */
  takes(text: string): boolean {
    const word = text.trim();
    if (word === "" || /^\d+$/.test(word)) return true;
    if (this.found.some(({ id }) => id === word)) return true;
    return this.#byName && this.error === null && this.answered === word && this.found.length === 0;
  }

  async #search(words: string): Promise<void> {
    try {
      const { categories, by_name } = await this.find(words);
      if (words !== this.#asked) return;
      this.found = categories;
      this.#byName = by_name;
      this.at = 0;
      this.error = null;
      this.answered = words;
    } catch (error) {
      if (words !== this.#asked) return;
      this.found = [];
      this.error = error instanceof Error ? error.message : String(error);
      this.answered = null;
    }
    this.loading = false;
  }
}
