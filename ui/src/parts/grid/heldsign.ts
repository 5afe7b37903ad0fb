/** A single sign that does something at once may be the first of a scan: it waits as long as a
 *  scanner would take for the next one. */

import { isSign } from "$src/app/keys";

/** Longer than a scanner takes from one sign to the next, in milliseconds. */
const WAIT_MS = 40;

export class HeldSign {
  #run: (() => void) | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  hold(run: () => void): void {
    this.#run = run;
    this.#timer = setTimeout(() => this.#end(true), WAIT_MS);
  }

  /** Another key came. A sign or Enter that follows so soon makes a scan of it; before any other
   *  key it is done. */
  next(event: KeyboardEvent): void {
    this.#end(!isSign(event) && event.key !== "Enter");
  }

  #end(does: boolean): void {
    clearTimeout(this.#timer);
    const run = this.#run;
    this.#run = null;
    if (does) run?.();
  }
}
