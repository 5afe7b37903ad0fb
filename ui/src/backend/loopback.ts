/** The way to a host that serves this page over HTTP: browser tests, and `npm run dev`. */

import type { Event as HostEvent } from "./bindings";
import { m } from "$words";

import { CallError } from "./error";
import { asCallError, type Transport } from "./transport";

export const loopback: Transport = {
  async call(name, request) {
    let answer: Response;
    try {
      answer = await fetch(`/call/${name}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(request),
      });
    } catch (reason) {
      const why = reason instanceof Error ? reason.message : String(reason);
      throw new CallError({ kind: "unreachable", params: { reason: why }, message: m.frame_host_gone() });
    }
    const body: unknown = await answer.json().catch(() => null);
    if (!answer.ok) throw asCallError(body ?? new Error(`${name}: ${answer.status}`));
    return body;
  },
  listen(handler) {
    const source = new EventSource("/events");
    source.onmessage = ({ data }: MessageEvent<string>) => handler(JSON.parse(data) as HostEvent);
    return () => source.close();
  },
  // A page in a browser learns no paths; the one who runs it knows where the files are.
  async pickFile() {
    return window.prompt(m.frame_path_open())?.trim() || null;
  },
  async pickFiles() {
    const told = window.prompt(m.frame_path_open()) ?? "";
    return told.split("|").map((path) => path.trim()).filter((path) => path !== "");
  },
  async saveFile(name) {
    return window.prompt(m.frame_path_save(), name)?.trim() || null;
  },
  async placeFor(name, kinds) {
    return this.saveFile(name, kinds);
  },
  onDrop() {
    return () => undefined;
  },
  async openPage(url) {
    window.open(url, "_blank", "noopener");
  },
};
