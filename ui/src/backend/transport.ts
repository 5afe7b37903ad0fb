/** The two ways to the host. Nothing outside this folder knows which one is taken. */

import type { Event as HostEvent } from "./bindings";
import { CallError, isErrorDocument } from "./error";

/** Kinds of files that a dialog offers. */
export interface FileKinds {
  name: string;
  /** Without the dot. */
  extensions: string[];
}

export interface Transport {
  /** Does a command. Rejects with a `CallError`. */
  call(name: string, request: object): Promise<unknown>;
  /** Hears what the host tells until the answer is called. */
  listen(handler: (event: HostEvent) => void): () => void;
  /** Asks for a file to read; null where none was chosen. */
  pickFile(kinds: FileKinds[]): Promise<string | null>;
  /** Asks for files to read; none where none was chosen. */
  pickFiles(kinds: FileKinds[]): Promise<string[]>;
  /** Asks for a place to write to; null where none was chosen. */
  saveFile(name: string, kinds: FileKinds[]): Promise<string | null>;
  /** Where a file of the name goes unasked: among the downloads, beside those that are there. */
  placeFor(name: string, kinds: FileKinds[]): Promise<string | null>;
  /** Hears of files dropped on the window, by their path. */
  onDrop(handler: (drop: { over: boolean; path: string | null }) => void): () => void;
  /** Shows the catalogue's folder in the system's file manager; only where there is a system. */
  openFolder?(path: string): Promise<void>;
  /** Opens a page in the system's browser. */
  openPage(url: string): Promise<void>;
}

/** Turns whatever a call was rejected with into a `CallError`. */
export function asCallError(reason: unknown): CallError {
  if (reason instanceof CallError) return reason;
  if (isErrorDocument(reason)) return new CallError(reason.error);
  const why = reason instanceof Error ? reason.message : String(reason);
  return new CallError({ kind: "internal", params: { reason: why }, message: why });
}
