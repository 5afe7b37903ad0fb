import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { FakeHost } from "$src/backend/fake";
import { useTransport } from "$src/backend/host";

import { frame } from "./frame.svelte";
import { keepChoices, readChoices } from "./keeping";
import { dismiss, lookAt, notify, said } from "./notices.svelte";

describe("notices", () => {
  beforeEach(() => void vi.useFakeTimers({ now: Date.parse("2026-11-22T12:00:00Z") }));
  afterEach(() => {
    for (const { id } of said.notices) dismiss(id);
    vi.useRealTimers();
  });
  const shown = () => said.notices.map(({ text }) => text);

  it("go after a while, those that offer something later, those that tell of a failure never", () => {
    notify({ text: "plain" });
    notify({ text: "offers", undo: () => undefined });
    notify({ text: "failed", tone: "refused" });
    vi.advanceTimersByTime(8_000);
    expect(shown()).toEqual(["offers", "failed"]);
    vi.advanceTimersByTime(60_000);
    expect(shown()).toEqual(["failed"]);
  });

  it("stay while somebody is at them", () => {
    notify({ text: "before" });
    const leave = lookAt();
    notify({ text: "meanwhile" });
    vi.advanceTimersByTime(60_000);
    expect(shown()).toEqual(["before", "meanwhile"]);
    leave();
    vi.advanceTimersByTime(8_000);
    expect(shown()).toEqual([]);
  });

  describe("Ctrl Z", () => {
    const batch = (at: string) => ({ id: 1, at, kind: "set", fields: ["price"], sku: "A", count: 1 });
    function host(at: string): FakeHost {
      const fake = new FakeHost({
        edits: () => ({ undo: batch(at), redo: null }),
        edit_undo: () => ({ batch: batch(at), done: 1, held: [], refused: [] }),
      });
      useTransport(fake);
      return fake;
    }

    it("takes back what the newest notice tells of, and no edit from before it", async () => {
      const fake = host("2026-11-22T11:00:00Z");
      const undo = vi.fn();
      notify({ text: "shipped", undo, undoByHand: true });
      await frame.undo();
      expect([undo.mock.calls.length, shown(), fake.asked.map(({ name }) => name)]).toEqual([1, [], ["edits"]]);
    });

    it("takes back the edit that was made since", async () => {
      const fake = host("2026-11-22T12:00:05Z");
      const undo = vi.fn();
      notify({ text: "shipped", undo, undoByHand: true });
      await frame.undo();
      expect([undo.mock.calls.length, fake.asked.map(({ name }) => name)]).toEqual([0, ["edits", "edit_undo"]]);
    });
  });
});

describe("what is chosen for the window", () => {
  it("is not put back by an answer that was asked for before it was kept", async () => {
    let theme = "light";
    const answers: (() => void)[] = [];
    useTransport(new FakeHost({
      settings: () => {
        const then = theme;
        return new Promise((done) => answers.push(() => done({ theme: then })));
      },
      settings_set: (request) => { theme = String(request.theme); return {}; },
    }));
    const read = readChoices();
    await keepChoices({ theme: "dark" });
    answers.shift()?.();
    await vi.waitFor(() => expect(answers).toHaveLength(1));
    answers.shift()?.();
    expect(await read).toEqual({ theme: "dark" });
  });
});
