/** Why a command was not done. */

import type { ApiErrorKind } from "./bindings";

export interface ErrorBody {
  kind: ApiErrorKind | "unreachable";
  params: Record<string, string>;
  /** The words for people, in the language of the request. */
  message: string;
}

/** A command that was not done: show `message`, decide by `kind`. */
export class CallError extends Error {
  readonly kind: ErrorBody["kind"];
  readonly params: Record<string, string>;

  constructor(body: ErrorBody) {
    super(body.message);
    this.name = "CallError";
    this.kind = body.kind;
    this.params = body.params;
  }
}

export function isErrorDocument(value: unknown): value is { error: ErrorBody } {
  if (typeof value !== "object" || value === null || !("error" in value)) return false;
  const error = value.error;
  return typeof error === "object" && error !== null && "kind" in error && "message" in error;
}
