/** Every view and what opens in it, in both themes, as a screen reader finds it. */

import assert from "node:assert/strict";
import { found } from "./axe.mjs";
import { scene, stage } from "./scene.mjs";
import { settled, THEMES, VIEWS } from "./stand.mjs";
import { STATES } from "./states.mjs";

async function check(page, host, window) {
  for (const theme of THEMES) {
    await page.emulateMedia({ colorScheme: theme });
    await settled(window);
    assert.deepEqual(await found(page), [], theme);
  }
}

const on = stage();

for (const view of VIEWS) {
  scene(on, `${view}: nothing is in the way`, view, check);
}

for (const { view, name, open } of STATES) {
  scene(on, `${view}, ${name}: nothing is in the way`, "guide", async (page, host, window) => {
    await open(window, host);
    await check(page, host, window);
  });
}
