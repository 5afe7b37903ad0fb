/** Answers for components: read when shown, read again when touched. */

import { untrack } from "svelte";

import { tryAgain } from "./again";
import { AnswerCache, type Answer } from "./cache";
import type { CommandName, RequestOf, ResponseOf } from "./host";

const cache = new AnswerCache();

export interface Query<T> extends Readonly<Answer<T>> {
  /** Reads it again. */
  again(): void;
}

const NOTHING: Answer<never> = { data: undefined, error: undefined, loading: false, readAt: undefined };

/**
 * The answer of a command to a request that may change; null asks nothing. Called while a
 * component is set up:
 *
 *     const product = query("product", () => (sku === null ? null : { sku }));
 *     {#if product.data} … {product.data.product.title}
 *
 * `data` of the request before stays until the new answer is there (`keep: false` drops it). What
 * could not be read is tried again by itself with `retry`: for what has no button to try it with.
 */
export function query<K extends CommandName>(
  name: K,
  request: () => RequestOf<K> | null,
  options: { keep?: boolean; retry?: boolean } = {},
): Query<ResponseOf<K>> {
  let answer = $state.raw<Answer<ResponseOf<K>>>(NOTHING);
  let retry: ((answer: Answer<unknown>) => void) | undefined;
  let watching: ReturnType<typeof cache.watch<K>> | undefined;
  // Equal requests in new objects are the same question.
  const asked = $derived(JSON.stringify(request()));

  $effect(() => {
    const now = JSON.parse(asked ?? "null") as RequestOf<K> | null;
    if (now === null) {
      answer = NOTHING;
      return;
    }
    const take = () => {
      const next = watching?.answer();
      if (next === undefined) return;
      const before = untrack(() => answer.data);
      const keeps = options.keep !== false && next.loading && next.data === undefined;
      answer = keeps ? { ...next, data: before } : next;
      retry?.(next);
    };
    watching = cache.watch(name, now, take);
    take();
    const retrying = options.retry ? tryAgain(() => watching?.again()) : undefined;
    retry = retrying?.told;
    retrying?.told(untrack(() => answer));
    return () => {
      retry = undefined;
      retrying?.stop();
      watching?.stop();
      watching = undefined;
    };
  });

  return {
    get data() { return answer.data; },
    get error() { return answer.error; },
    get loading() { return answer.loading; },
    get readAt() { return answer.readAt; },
    again: () => watching?.again(),
  };
}

/** Everything that is shown is read again: after a change of language. */
export function readAllAgain(): void {
  cache.touchAll();
}
