/** What is typed into a field that is kept when it is left. What is typed while a value is being
 *  kept is not lost: it is kept after that. */

export class Draft {
  /** What was typed and is not kept yet; null where nothing was. */
  typed = $state<string | null>(null);
  /** Why it was not kept. */
  refused = $state<string | null>(null);
  #keeping = false;
  #again = false;

  /** `save` answers why not; null where it was kept, or was so already. `again` says that another
   *  text was kept just before, so that the value that is known is an old one. */
  constructor(private readonly save: (text: string, again: boolean) => Promise<string | null>) {}

  /** Keeps what is typed. */
  async keep(): Promise<void> {
    if (this.#keeping) {
      this.#again = true;
      return;
    }
    this.#keeping = true;
    let times = 0;
    try {
      do {
        this.#again = false;
        const sent = this.typed;
        if (sent === null) break;
        const refused = await this.save(sent, times > 0).catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
        // What was typed since is asked about itself.
        if (this.typed === sent) {
          this.refused = refused;
          if (refused === null) this.typed = null;
          break;
        }
        times += 1;
      } while (this.#again);
    } finally {
      this.#keeping = false;
    }
  }

  /** Forgets what was typed. */
  drop(): void {
    this.typed = null;
    this.refused = null;
  }
}
