/** Calls and events, over whichever way to the host there is. */

import { COMMANDS, type CacheTag, type Commands, type Event as HostEvent } from "./bindings";
import { loopback } from "./loopback";
import { tauri } from "./tauri";
import type { FileKinds, Transport } from "./transport";

export type CommandName = keyof Commands;
export type RequestOf<K extends CommandName> = Commands[K]["request"];
export type ResponseOf<K extends CommandName> = Commands[K]["response"];

let transport: Transport = "__TAURI_INTERNALS__" in globalThis ? tauri : loopback;
let language = "en";
const touchedHandlers = new Set<(tags: readonly CacheTag[]) => void>();

/** Takes another way to the host: for tests. */
export function useTransport(other: Transport): void {
  transport = other;
}

/** The language in which answers and errors are told from now on. */
export function speak(locale: string): void {
  language = locale;
}

/** Does a command. Rejects with a `CallError`; what it touched is read again where it is shown. */
export async function call<K extends CommandName>(name: K, request: RequestOf<K>): Promise<ResponseOf<K>> {
  try {
    return (await transport.call(name, { ...request, locale: language })) as ResponseOf<K>;
  } finally {
    // Also after an error: a command that stopped halfway may have done a part. A preview changes
    // nothing, and would otherwise ask for itself again.
    if (!("preview" in request && request.preview === true)) touch(COMMANDS[name].touches);
  }
}

/** Hears every event of the host until the answer is called. */
export function listen(handler: (event: HostEvent) => void): () => void {
  return transport.listen((event) => {
    if (event.type === "touched") touch(event.tags);
    handler(event);
  });
}

/** Hears which tags are out of date, from own commands and from the host. */
export function onTouched(handler: (tags: readonly CacheTag[]) => void): () => void {
  touchedHandlers.add(handler);
  return () => void touchedHandlers.delete(handler);
}

function touch(tags: readonly CacheTag[]): void {
  if (tags.length > 0) for (const handler of touchedHandlers) handler(tags);
}

export const pickFile = (kinds: FileKinds[]) => transport.pickFile(kinds);
export const pickFiles = (kinds: FileKinds[]) => transport.pickFiles(kinds);
export const saveFile = (name: string, kinds: FileKinds[]) => transport.saveFile(name, kinds);
export const placeFor = (name: string, kinds: FileKinds[]) => transport.placeFor(name, kinds);
export const onDrop: Transport["onDrop"] = (handler) => transport.onDrop(handler);
export const canOpenFolder = () => transport.openFolder !== undefined;
export const openFolder = async (path: string) => transport.openFolder?.(path);
export const openPage = (url: string) => transport.openPage(url);
