/** Whether something is waited for so long that it is shown. */

/** What is there sooner shows no sign that it was waited for. */
const LATE_MS = 150;

/** Made while a component is set up. */
export class Late {
  #late = $state(false);

  constructor(waits: () => boolean) {
    const waiting = $derived(waits());
    $effect(() => {
      if (!waiting) return;
      const timer = setTimeout(() => (this.#late = true), LATE_MS);
      return () => {
        clearTimeout(timer);
        this.#late = false;
      };
    });
  }

  get is(): boolean {
    return this.#late;
  }
}
