/**
 * `npm run e2e [-- FILE …]`: all browser tests, or those of some files (`products`, `sync`).
 *
 * The catalogue with some of everything takes long to prepare. It is made once; each file of tests
 * gets a copy of its own, so that none disturbs another.
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { rm } from "node:fs/promises";

import { freshFolder, serve } from "./stand.mjs";

const here = new URL(".", import.meta.url);
const named = process.argv.slice(2).map((name) => `${name}.test.mjs`);
const all = readdirSync(here).filter((name) => name.endsWith(".test.mjs"));
const missing = named.find((name) => !all.includes(name));
if (missing !== undefined) throw new Error(`${missing} is no file of tests; there are: ${all.join(", ")}`);

const given = process.env.BARROW_E2E_SOME;
const some = given ?? await freshFolder();
let status = 1;
try {
  if (given === undefined) await (await serve(["--seed", "some", "--data", some])).stop();
  const files = (named.length > 0 ? named : all).map((name) => `e2e/${name}`);
  const tests = spawn(process.execPath, ["--test", "--test-concurrency=2", ...files], {
    cwd: new URL("..", here), stdio: "inherit", env: { ...process.env, BARROW_E2E_SOME: some },
  });
  [status] = await once(tests, "exit");
} finally {
  if (given === undefined) await rm(some, { recursive: true, force: true });
}
process.exitCode = status ?? 1;
