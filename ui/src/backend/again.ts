/** Tries again by itself what could not be read: soon at first, then ever more rarely. */

import type { Answer } from "./cache";

const FIRST_MS = 5_000;
const LAST_MS = 60_000;

export interface Again {
  /** The answer stands so now. */
  told: (answer: Pick<Answer<unknown>, "error" | "loading">) => void;
  stop: () => void;
}

export function tryAgain(again: () => void): Again {
  let wait = FIRST_MS;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = () => {
    clearTimeout(timer);
    timer = undefined;
  };
  return {
    told({ error, loading }) {
      if (loading || timer !== undefined) return;
      if (error === undefined) {
        wait = FIRST_MS;
        return;
      }
      timer = setTimeout(() => {
        timer = undefined;
        wait = Math.min(2 * wait, LAST_MS);
        again();
      }, wait);
    },
    stop,
  };
}
