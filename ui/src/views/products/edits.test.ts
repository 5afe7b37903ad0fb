import { beforeEach, describe, expect, it } from "vitest";

import { CallError } from "$src/backend/error";
import { FakeHost } from "$src/backend/fake";
import { useTransport } from "$src/backend/host";

import { setFields } from "./edits";

describe("fields of a SKU", () => {
  let revision = 1;
  let host: FakeHost;

  beforeEach(() => {
    revision = 1;
    host = new FakeHost({
      set: async ({ sku, expected }) => {
        await Promise.resolve();
        if (expected !== null && expected !== revision) throw new CallError({ kind: "conflict", params: {}, message: "It was changed meanwhile." });
        revision += 1;
        return { sku, revision, done: 1, held: [], refused: [] };
      },
    });
    useTransport(host);
  });
  const expected = () => host.asked.map(({ request }) => request.expected);

  it("edits that follow each other before the row is read again are no quarrel of a seller with himself", async () => {
    const all = [setFields("A", { price: "1" }, 1), setFields("A", { price: "2" }, 1), setFields("A", { cost: "3" }, 1)];
    expect(await Promise.all(all)).toEqual([null, null, null]);
    expect(expected()).toEqual([1, 2, 3]);
  });

  it("what somebody else made of it since is not overwritten", async () => {
    expect(await setFields("B", { price: "1" }, 1)).toBeNull();
    revision = 7;
    expect(await setFields("B", { price: "2" }, 1)).toBe("It was changed meanwhile.");
    expect(await setFields("B", { price: "2" }, 7)).toBeNull();
  });
});
