import { expect, it } from "vitest";

import { Draft } from "./draft.svelte";

/** A draft whose saving ends when it is told to. */
function slow(): { draft: Draft; sent: string[]; end: (refused: string | null) => Promise<void> } {
  const sent: string[] = [];
  let resolve: (refused: string | null) => void = () => undefined;
  const draft = new Draft((text) => {
    sent.push(text);
    return new Promise((done) => { resolve = done; });
  });
  const end = async (refused: string | null) => {
    resolve(refused);
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  };
  return { draft, sent, end };
}

it("what is typed is kept once, and gone then", async () => {
  const { draft, sent, end } = slow();
  draft.typed = "12";
  void draft.keep();
  await end(null);
  void draft.keep();
  expect([sent, draft.typed]).toEqual([["12"], null]);
});

it("what is typed while a value is kept stays, and is kept when the field is left again", async () => {
  const { draft, sent, end } = slow();
  draft.typed = "12";
  void draft.keep();
  draft.typed = "125";
  await end(null);
  expect(draft.typed).toBe("125");
  void draft.keep();
  await end(null);
  expect([sent, draft.typed]).toEqual([["12", "125"], null]);
});

it("a field that is left while its last value is kept is kept after that", async () => {
  const { draft, sent, end } = slow();
  draft.typed = "12";
  void draft.keep();
  draft.typed = "125";
  void draft.keep();
  await end(null);
  await end(null);
  expect([sent, draft.typed]).toEqual([["12", "125"], null]);
});

it("what is refused stays with why, unless it is another text by now", async () => {
  const { draft, end } = slow();
  draft.typed = "x";
  void draft.keep();
  await end("no number");
  expect([draft.typed, draft.refused]).toEqual(["x", "no number"]);
  draft.drop();
  draft.typed = "y";
  void draft.keep();
  draft.typed = "7";
  await end("no number");
  expect([draft.typed, draft.refused]).toEqual(["7", null]);
});

it("a save that breaks says why", async () => {
  const draft = new Draft(() => Promise.reject(new Error("gone")));
  draft.typed = "x";
  await draft.keep();
  expect([draft.typed, draft.refused]).toEqual(["x", "gone"]);
});
