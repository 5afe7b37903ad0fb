/** Whether the window is so narrow, or its text so large, that the side shows icons alone. */

import { MediaQuery } from "svelte/reactivity";

export const narrow = new MediaQuery("max-width: 60rem");
