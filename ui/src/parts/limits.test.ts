import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

import { limitName } from "./limits";

/** Tests run in the folder of the window. */
const CRATES = "../src-tauri/crates";
const read = (name: string) => readFileSync(name, "utf8");
const limitsOf = (crate: string) => `${CRATES}/${crate}/src/limits.rs`;

/** Where an adapter names a limit: `Bucket::of_seller("price", …)`, `daily("inventory", …)`. */
const BUCKET = /(?:Bucket::of_\w+|\b(?:bucket|daily|records))\(\s*"(\w+)"/g;

/** The names of limits, marketplace by marketplace, as the adapters write them. */
function limits(): [string, string[]][] {
  return readdirSync(CRATES)
    .filter((crate) => existsSync(limitsOf(crate)))
    .map((crate): [string, string[]] => [crate, [...read(limitsOf(crate)).matchAll(BUCKET)].map(([, name]) => name ?? "")])
    .filter(([, names]) => names.length > 0);
}

describe("limits", () => {
  const messages = ["en", "pt-BR", "zh-TW"].map((locale) => {
    const words: Record<string, string> = JSON.parse(read(`messages/${locale}.json`));
    return [locale, words] as const;
  });

  it("are found where adapters write them", () => {
    const found = new Map(limits());
    expect([...found.keys()].sort()).toEqual(["amazon", "ebay", "newegg", "walmart"]);
    for (const [marketplace, names] of found) {
      const named = read(limitsOf(marketplace)).match(/: Bucket = /g) ?? [];
      expect(names.length, marketplace).toBe(named.length);
    }
  });

  it.each(messages)("have a seller's words in %s", (_, words) => {
    const missing = limits().flatMap(([marketplace, names]) =>
      names.map((name) => `limit_${marketplace}_${name}`).filter((key) => (words[key] ?? "") === ""));
    expect(missing).toEqual([]);
  });

  it("begin a line like a heading", () => expect(limitName({ title: "feeds sent" })).toBe("Feeds sent"));
});
