import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { FakeHost } from "$src/backend/fake";
import { call, useTransport } from "$src/backend/host";

import { autosync, dueAt, followAutosync } from "./autosync.svelte";

const MINUTE = 60_000;
const account = (pulled_at: string | null, state: "active" | "paused" = "active") => ({ state, pulled_at });
const at = (minutes: number) => new Date(minutes * MINUTE).toISOString();

describe("when a sync is due", () => {
  const check = (name: string, accounts: Parameters<typeof dueAt>[0], tried: number | null, expected: number | null) =>
    it(name, () => expect(dueAt(accounts, tried === null ? null : tried * MINUTE, 10)).toBe(expected === null ? null : expected * MINUTE));
  check("never without an account", [], null, null);
  check("never where all are paused", [account(at(5), "paused")], null, null);
  check("at once where one was never read", [account(at(500)), account(null)], null, 10);
  check("after the oldest data", [account(at(500)), account(at(490))], null, 500);
  check("not sooner after a try that failed", [account(at(5))], 500, 510);
});

describe("while the window is open", () => {
  let host: FakeHost;
  let stop: () => void;
  let minutes: number | null;
  let clock: number;
  beforeEach(() => {
    vi.useFakeTimers();
    minutes = 10;
    clock = 1_000 * MINUTE;
    host = new FakeHost({
      settings: () => ({ sync_minutes: minutes, layouts: {} }), settings_set: () => ({}),
      home: () => ({ accounts: [account(at(995))] }), sync: () => ({}),
    });
    useTransport(host);
    stop = followAutosync(() => clock);
  });
  afterEach(() => {
    stop();
    vi.useRealTimers();
  });
  const synced = () => host.asked.filter(({ name }) => name === "sync").length;
  const pass = async (by: number) => {
    for (let gone = 0; gone < by; gone += 1) {
      clock += MINUTE;
      await vi.advanceTimersByTimeAsync(MINUTE);
    }
  };

  it("syncs when the data is old enough, and again after the interval", async () => {
    await pass(4);
    expect(synced()).toBe(0);
    await pass(2);
    expect(synced()).toBe(1);
    await pass(8);
    expect(synced()).toBe(1);
    await pass(3);
    expect(synced()).toBe(2);
    expect(autosync.minutes).toBe(10);
  });

  it("never says yes, and stops when it is switched off", async () => {
    await pass(6);
    expect(host.asked.find(({ name }) => name === "sync")?.request).not.toHaveProperty("yes");
    minutes = null;
    await call("settings_set", { sync_minutes: 0 });
    await pass(30);
    expect(synced()).toBe(1);
    expect(autosync.next).toBeNull();
  });

  it("keeps why it failed, and tries again after the interval only", async () => {
    host.answers.sync = () => { throw new Error("no way to the net"); };
    await pass(7);
    expect(autosync.failed).toBe("no way to the net");
    await pass(5);
    expect(synced()).toBe(1);
  });
});
