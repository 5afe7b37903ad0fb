/** Searches as they are typed. */

/** From so many letters on a word is found wherever it stands; shorter ones only at the beginning. */
const LETTERS_MIN = 3;

/** Whether a search looks only at how SKUs and titles begin. */
export function findsBeginnings(text: string | null | undefined): boolean {
  const words = (text ?? "").trim().split(/\s+/).filter((word) => word !== "");
  return words.length > 0 && words.every((word) => [...word].length < LETTERS_MIN);
}

/** Least time between two questions, in milliseconds. */
export const PAUSE_MS = 80;

/**
 * Asks for what is typed: the first sign at once, so that one who types slowly never waits, and at
 * most one question in a while, the last of which is of everything that was typed.
 */
export class Typing {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked_ms = -Infinity;

  constructor(private readonly ask: (text: string) => void, private readonly now: () => number = () => performance.now()) {}

  write(text: string): void {
    this.stop();
    const left = this.#asked_ms + PAUSE_MS - this.now();
    if (left > 0) this.#timer = setTimeout(() => this.#askNow(text), left);
    else this.#askNow(text);
  }

  /** What is not asked for yet is not asked for any more. */
  stop(): void {
    clearTimeout(this.#timer);
  }

  #askNow(text: string): void {
    this.#asked_ms = this.now();
    this.ask(text);
  }
}
