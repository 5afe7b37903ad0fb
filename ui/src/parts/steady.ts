/** A press is of what was read: none is taken just after a question became another one, when the
 *  second press of a double one, or a pointer that was on its way, would answer that. */

/** How long a question stands before it can be answered, in milliseconds. */
export const STEADY_MS = 500;

export class Steady {
  #what: string | null = null;
  #since = -Infinity;

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Says what is asked now. The first question of all can be answered at once. */
  shows(what: string): void {
    if (what === this.#what) return;
    if (this.#what !== null) this.#since = this.now();
    this.#what = what;
  }

  /** Whether a press is taken. */
  takes(): boolean {
    return this.now() - this.#since >= STEADY_MS;
  }
}
