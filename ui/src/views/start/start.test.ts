import { describe, expect, it } from "vitest";

import type { Run, Step } from "$src/backend/runs.svelte";

import { accountShare, accountWord, stageOf, stagesFor, standing } from "./progress";

const step = (stage: Step["stage"], done = 0, total: number | null = null): Step => ({ account: "eBay practice", stage, done, total, begun: stage === "send" });
const run = (name: Run["name"], latest: Step | null) => ({ name, latest });

describe("how far a rehearsal is set up", () => {
  const check = (name: string, of: Parameters<typeof stageOf>[0], expected: string) => it(name, () => expect(stageOf(of)).toBe(expected));
  check("nothing is told yet", null, "open");
  check("accounts are opened in silence", run("practice_start", null), "open");
  check("the sample is read", run("practice_start", step("read")), "fill");
  check("the sample is kept", run("practice_start", step("apply")), "fill");
  check("it is offered", run("practice_start", step("send")), "offer");
  check("results are awaited", run("practice_start", step("observe")), "offer");
  check("orders are fetched", run("pull", step("pull")), "orders");
});

it("what lies before the stage under way is done", () => {
  expect(["open", "fill", "offer", "orders"].map((stage) => standing(stage as "open", "offer"))).toEqual(["done", "done", "now", "later"]);
});

it("without the sample nothing is filled and nothing offered", () => {
  expect(stagesFor(false)).toEqual(["open", "orders"]);
  expect(stagesFor(true)).toHaveLength(4);
});

describe("an account's part", () => {
  const check = (name: string, of: Step, word: string, share: number) =>
    it(name, () => expect([accountWord(of), accountShare(of)]).toEqual([word, share]));
  check("planned", step("plan", 3, 3), "worked out", 0);
  check("nothing to count yet", step("send"), "waits", 0);
  check("half sent", step("send", 50, 100), "50 of 100 sent", 0.5);
  check("never more than whole", step("observe", 120, 100), "120 of 100 sent", 1);
});
