/** The window's words in English, as its build compiles them: tests name things by them. */

import { m } from "../src/words/messages.js";

export { m };
