/** A host for tests: answers what it is told to, and remembers what it was asked. */

import type { Event } from "./bindings";
import type { CommandName } from "./host";
import type { Transport } from "./transport";

type Answers = Partial<Record<CommandName, (request: Record<string, unknown>) => unknown>>;

export class FakeHost implements Transport {
  readonly asked: { name: string; request: Record<string, unknown> }[] = [];
  #handlers = new Set<(event: Event) => void>();

  constructor(public answers: Answers = {}) {}

  async call(name: string, request: object): Promise<unknown> {
    const fields = request as Record<string, unknown>;
    this.asked.push({ name, request: fields });
    const answer = this.answers[name as CommandName];
    if (answer === undefined) throw new Error(`the test has no answer for ${name}`);
    return answer(fields);
  }

  listen(handler: (event: Event) => void): () => void {
    this.#handlers.add(handler);
    return () => this.#handlers.delete(handler);
  }

  /** Tells everybody who listens. */
  tell(event: Event): void {
    for (const handler of this.#handlers) handler(event);
  }

  async pickFile(): Promise<string | null> { return null; }
  async pickFiles(): Promise<string[]> { return []; }
  async saveFile(): Promise<string | null> { return null; }
  async placeFor(): Promise<string | null> { return null; }
  onDrop(): () => void { return () => undefined; }
  async openPage(): Promise<void> { return undefined; }
}
