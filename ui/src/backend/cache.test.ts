import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { AnswerCache, keyOf } from "./cache";
import { FakeHost } from "./fake";
import { call, listen, useTransport } from "./host";

describe("answers that are kept", () => {
  let host: FakeHost;
  let cache: AnswerCache;
  let count = 0;

  beforeEach(() => {
    vi.useFakeTimers();
    count = 0;
    host = new FakeHost({ product: () => ({ title: `reading ${++count}` }), accounts: () => ({}), set: () => ({ done: 1 }) });
    useTransport(host);
    cache = new AnswerCache();
  });
  afterEach(() => {
    cache.close();
    vi.useRealTimers();
  });

  const titles = () => host.asked.filter(({ name }) => name === "product").length;

  it("equal requests have one key, whatever the order of their fields", () => {
    expect(keyOf("x", { a: 1, b: { c: 2, d: 3 } })).toBe(keyOf("x", { b: { d: 3, c: 2 }, a: 1 }));
    expect(keyOf("x", { a: [1, 2] })).not.toBe(keyOf("x", { a: [2, 1] }));
  });

  it("two that show the same read it once", async () => {
    const changed = vi.fn();
    const one = cache.watch("product", { sku: "A" }, changed);
    cache.watch("product", { sku: "A" }, changed);
    await vi.runAllTimersAsync();
    expect(titles()).toBe(1);
    expect(one.answer().data).toEqual({ title: "reading 1" });
  });

  it("a touched tag reads again what is shown, once for a burst, and keeps the old answer until then", async () => {
    const shown = cache.watch("product", { sku: "A" }, () => undefined);
    await vi.runAllTimersAsync();
    cache.touch(["products"]);
    cache.touch(["stock"]);
    await vi.advanceTimersByTimeAsync(1);
    expect(shown.answer().data).toEqual({ title: "reading 1" });
    await vi.runAllTimersAsync();
    expect(titles()).toBe(2);
    expect(shown.answer().data).toEqual({ title: "reading 2" });
  });

  it("a tag that the command does not read leaves its answer alone", async () => {
    cache.watch("product", { sku: "A" }, () => undefined);
    await vi.runAllTimersAsync();
    cache.touch(["quarantine"]);
    await vi.runAllTimersAsync();
    expect(titles()).toBe(1);
  });

  it("what nothing shows is forgotten when touched, and read when shown again", async () => {
    cache.watch("product", { sku: "A" }, () => undefined).stop();
    await vi.runAllTimersAsync();
    cache.touch(["products"]);
    await vi.runAllTimersAsync();
    expect(titles()).toBe(1);
    cache.watch("product", { sku: "A" }, () => undefined);
    await vi.runAllTimersAsync();
    expect(titles()).toBe(2);
  });

  it("an own command and an event of the host touch alike", async () => {
    cache.watch("product", { sku: "A" }, () => undefined);
    await vi.runAllTimersAsync();
    await call("set", { sku: "A", fields: { title: "New" } });
    await vi.runAllTimersAsync();
    expect(titles()).toBe(2);
    listen(() => undefined);
    host.tell({ type: "touched", tags: ["products"] });
    await vi.runAllTimersAsync();
    expect(titles()).toBe(3);
  });

  it("what is touched oftener than it can be read is shown, and read once at a time", async () => {
    let flying = 0;
    let most = 0;
    host.answers.product = async () => {
      most = Math.max(most, ++flying);
      await new Promise((done) => setTimeout(done, 1_000));
      flying -= 1;
      return { title: `reading ${++count}` };
    };
    const shown = cache.watch("product", { sku: "A" }, () => undefined);
    for (let at = 0; at < 8; at += 1) {
      cache.touch(["products"]);
      await vi.advanceTimersByTimeAsync(500);
    }
    expect([shown.answer().data !== undefined, most]).toEqual([true, 1]);
    await vi.runAllTimersAsync();
    const last = titles();
    expect(shown.answer()).toMatchObject({ data: { title: `reading ${last}` }, loading: false });
    await vi.runAllTimersAsync();
    expect(titles()).toBe(last);
  });

  it("what failed is asked for again when somebody comes back to it", async () => {
    const { product } = host.answers;
    host.answers.product = () => { throw new Error("gone"); };
    const first = cache.watch("product", { sku: "A" }, () => undefined);
    await vi.runAllTimersAsync();
    first.stop();
    host.answers.product = product;
    const back = cache.watch("product", { sku: "A" }, () => undefined);
    await vi.runAllTimersAsync();
    expect([back.answer().data, back.answer().error]).toEqual([{ title: "reading 1" }, undefined]);
  });

  it("when one that failed is there again, the others that failed are asked for as well", async () => {
    let away = true;
    useTransport(new FakeHost({
      product: () => { if (away) throw new Error("away"); return { title: "back" }; },
      accounts: () => { if (away) throw new Error("away"); return { accounts: [] }; },
    }));
    const one = cache.watch("product", { sku: "A" }, () => undefined);
    const other = cache.watch("accounts", {}, () => undefined);
    await vi.runAllTimersAsync();
    expect(other.answer().error).toBeDefined();
    away = false;
    one.again();
    await vi.runAllTimersAsync();
    expect(one.answer().error).toBeUndefined();
    expect(other.answer()).toMatchObject({ data: { accounts: [] }, error: undefined });
  });

  it("a failure keeps the old answer beside the error", async () => {
    const shown = cache.watch("product", { sku: "A" }, () => undefined);
    await vi.runAllTimersAsync();
    host.answers.product = () => { throw new Error("gone"); };
    cache.touch(["products"]);
    await vi.runAllTimersAsync();
    expect(shown.answer().data).toEqual({ title: "reading 1" });
    expect(shown.answer().error).toEqual(new Error("gone"));
    expect(shown.answer().loading).toBe(false);
  });
});
