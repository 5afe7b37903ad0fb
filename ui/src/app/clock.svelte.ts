/** The time for what counts down or grows old; it moves once a minute. */

const MINUTE = 60_000;

let now = $state(Date.now());

if (typeof window !== "undefined") setInterval(() => (now = Date.now()), MINUTE);

export const ticking = {
  /** Milliseconds since 1970, true to the minute. */
  get now(): number { return now; },
};
