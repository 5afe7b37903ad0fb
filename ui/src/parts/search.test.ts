import { expect, it } from "vitest";

import { findsBeginnings } from "./search";

const check = (text: string | null, expected: boolean) => it(JSON.stringify(text), () => expect(findsBeginnings(text)).toBe(expected));

check(null, false);
check("  ", false);
check("ab", true);
check("音箱", true);
check("a 12", true);
check("abc", false);
check("tv sony", false);
