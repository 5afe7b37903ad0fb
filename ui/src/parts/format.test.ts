import { afterEach, describe, expect, it } from "vitest";

import { setLocale, type Locale } from "$src/app/locale.svelte";

import { decimal, moneyParts, percent, quantity, readDecimal, span, when } from "./format";

afterEach(() => setLocale("en"));

describe("decimals as the language writes them, exact", () => {
  const check = (locale: Locale, input: string, expected: string) =>
    it(`${input} in ${locale}`, () => {
      setLocale(locale);
      expect(decimal(input)).toBe(expected);
    });
  check("en", "1181.76", "1,181.76");
  check("en", "-312.30", "−312.30");
  check("en", "90071992547409931.99", "90,071,992,547,409,931.99");
  check("en", "0.10", "0.10");
  check("pt-BR", "1181.76", "1.181,76");
  check("zh-TW", "1181.76", "1,181.76");
  check("en", "no number", "no number");
});

describe("decimals as they are typed", () => {
  const check = (locale: Locale, input: string, expected: string | null) =>
    it(`${input} in ${locale}`, () => {
      setLocale(locale);
      expect(readDecimal(input)).toBe(expected);
    });
  check("en", "289.89", "289.89");
  check("en", "+10", "10");
  check("en", "+-10", null);
  check("en", "1,181.76", "1181.76");
  check("en", "1,181", "1181");
  check("en", "1,5", "1.5");
  check("en", " 1 181.5 ", "1181.5");
  check("pt-BR", "1.181,76", "1181.76");
  check("pt-BR", "1.181", "1181");
  check("pt-BR", "12,5", "12.5");
  check("en", "−5", "-5");
  check("en", "1,234,567", "1234567");
  check("en", "", null);
  check("en", "12a", null);
  check("en", ".", null);
});

it("a large sum has its cents apart", () => {
  expect(moneyParts({ amount: "41208.40", currency: "USD" })).toEqual({ whole: "41,208", rest: ".40" });
  expect(moneyParts({ amount: "5400", currency: "JPY" })).toEqual({ whole: "5,400", rest: "" });
});

it("unknown is a dash, minus is a minus", () => {
  expect([quantity(null), quantity(-4215), percent(null), percent(-0.363), percent(0.034, true)]).toEqual(["–", "−4,215", "–", "−36.3 %", "+3.4 %"]);
});

it("an instant is a clock time today, a day else, with its year in another", () => {
  const now = new Date(2026, 10, 22, 15, 0);
  const at = (...parts: [number, number, number, number, number]) => when(new Date(...parts).toISOString(), now);
  expect([at(2026, 10, 22, 14, 31), at(2026, 10, 19, 9, 0), at(2025, 10, 19, 9, 0)]).toEqual(["14:31", "19 Nov", "19 Nov 2025"]);
});

describe("time that is left", () => {
  const check = (minutes: number, expected: string) => it(expected, () => expect(span(minutes * 60_000)).toBe(expected));
  check(2, "2 min");
  check(84, "1 h 24");
  check(24 * 60 * 3, "3 days");
});
