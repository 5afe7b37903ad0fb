import "$src/styles/tokens.css";
import "$src/styles/base.css";
import "$src/styles/controls.css";

import { mount } from "svelte";

import { readPreferences } from "$src/app/preferences.svelte";
import Window from "$src/app/Window.svelte";

const place = document.getElementById("app");
if (place === null) throw new Error("index.html has no place for the window");

readPreferences();
mount(Window, { target: place });
