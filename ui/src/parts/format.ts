/** Money, quantities and instants as the language of the window writes them. */

import { locale, plural } from "$src/app/locale.svelte";
import { m } from "$words";

/** As the host writes it: the amount as decimal text, so that no sum passes through a float. */
export interface MoneyLike {
  amount: string;
  currency: string;
}

const made = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>();

/** Texts that are kept; a list that scrolls writes the same ones again and again. */
const TEXTS_MAX = 10_000;

/** The same, with the texts that were made in this language kept. */
function remembered(make: (of: string) => string): (of: string) => string {
  const texts = new Map<string, string>();
  let language = "";
  return (of) => {
    if (language !== locale.id || texts.size >= TEXTS_MAX) texts.clear();
    language = locale.id;
    const known = texts.get(of);
    if (known !== undefined) return known;
    const text = make(of);
    texts.set(of, text);
    return text;
  };
}

function numbers(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `n ${locale.id} ${JSON.stringify(options)}`;
  const found = made.get(key) ?? new Intl.NumberFormat(locale.id, options);
  made.set(key, found);
  return found as Intl.NumberFormat;
}

/** English dates have the day first, as the rest of the window's words do: `22 Nov 21:48`. */
function dateLocale(): string {
  return locale.id === "en" ? "en-GB" : locale.id;
}

function dates(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `d ${locale.id} ${JSON.stringify(options)}`;
  const found = made.get(key) ?? new Intl.DateTimeFormat(dateLocale(), options);
  made.set(key, found);
  return found as Intl.DateTimeFormat;
}

/** What stands where a value is not known. */
export const NONE = "–";

/** The signs with which the language writes decimals. */
function decimalSigns(): { point: string; group: string } {
  const parts = numbers({ minimumFractionDigits: 1, useGrouping: true }).formatToParts(-1234567.8);
  const of = (type: string, otherwise: string) => parts.find((part) => part.type === type)?.value ?? otherwise;
  return { point: of("decimal", "."), group: of("group", ",") };
}

/** A decimal text such as `-1234.50`, grouped and pointed as the language does; exact. */
export const decimal = remembered((text) => {
  const [, sign = "", whole = "", fraction = ""] = /^([-−]?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  if (whole === "") return text;
  const { point } = decimalSigns();
  const grouped = numbers({ maximumFractionDigits: 0 }).format(BigInt(whole));
  return `${sign === "" ? "" : "−"}${grouped}${fraction === "" ? "" : point + fraction}`;
});

/** A sum in two parts, so that its cents can stand in a lighter ink: `41,208` and `.40`. */
export function moneyParts(money: MoneyLike): { whole: string; rest: string } {
  const text = decimal(money.amount);
  const at = money.amount.includes(".") ? text.lastIndexOf(decimalSigns().point) : text.length;
  return { whole: text.slice(0, at), rest: text.slice(at) };
}

/** A sum without its currency, which stands in the head: `1,181.76`. */
export function money(value: MoneyLike | null | undefined): string {
  return value === null || value === undefined ? NONE : decimal(value.amount);
}

/** A sum with its currency, where none stands in a head: `1,181.76 USD`. */
export function moneyWithCurrency(value: MoneyLike | null | undefined): string {
  return value === null || value === undefined ? NONE : `${decimal(value.amount)} ${value.currency}`;
}

const units = remembered((value) => numbers({ maximumFractionDigits: 0 }).format(Number(value)).replace("-", "−"));

/** Units. */
export function quantity(value: number | null | undefined): string {
  return value === null || value === undefined ? NONE : units(String(value));
}

/** A count in words: one of a thing is told by another message than many. */
export function counted(count: number, one: (of: { count: string }) => string, other: (of: { count: string }) => string): string {
  const of = { count: quantity(count) };
  return plural(count, { one: () => one(of), other: () => other(of) });
}

const hundredths = remembered((of) => {
  const [digits, value] = of.split(" ").map(Number);
  return numbers({ minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value ?? 0);
});

/** A share of 1 as a percentage, with one decimal unless told otherwise: `33.6 %`. */
export function percent(share: number | null | undefined, signed = false, digits = 1): string {
  if (share === null || share === undefined || !Number.isFinite(share)) return NONE;
  const text = hundredths(`${digits} ${Math.abs(share) * 100}`);
  const sign = share < 0 ? "−" : signed ? "+" : "";
  return `${sign}${text} %`;
}

/** A number that somebody typed in the language's own way, as the host reads it; null for none. */
export function readDecimal(typed: string): string | null {
  const { group } = decimalSigns();
  let text = typed.replace(/[\s\u00a0\u202f]/g, "").replace("−", "-").replace(/^\+(?=[\d.,])/, "");
  const last = Math.max(text.lastIndexOf("."), text.lastIndexOf(","));
  if (last >= 0) {
    const marks = text.replace(/[^.,]/g, "");
    const one = marks.length === 1;
    const tail = text.length - last - 1;
    // A single sign before three digits is the language's group, any other last sign its point.
    const pointed = !(one && text[last] === group && tail === 3) && (new Set(marks).size > 1 || one);
    const whole = (pointed ? text.slice(0, last) : text).replace(/[.,]/g, "");
    text = pointed ? `${whole}.${text.slice(last + 1)}` : whole;
  }
  return /^-?\d+(\.\d+)?$/.test(text) ? text : null;
}

const days = remembered((of) => {
  const [instant = "", today = "", year = ""] = of.split(" ");
  const at = new Date(instant);
  if (dayOf(at) === today) return clock(instant);
  const named = String(at.getFullYear()) === year ? {} : { year: "numeric" as const };
  return dates({ day: "numeric", month: "short", ...named }).format(at);
});

function dayOf(at: Date): string {
  return `${at.getFullYear()}-${at.getMonth()}-${at.getDate()}`;
}

/** An instant as the window tells it: a clock time today, else a day, else a day with its year. */
export function when(instant: string | null | undefined, now = new Date()): string {
  if (instant === null || instant === undefined) return NONE;
  return days(`${instant} ${dayOf(now)} ${now.getFullYear()}`);
}

/** The clock time of an instant: `14:31`. */
export function clock(instant: string | number | Date): string {
  return dates({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date(instant));
}

/** A day: `25 Oct`. */
export function shortDate(at: Date): string {
  return dates({ day: "numeric", month: "short" }).format(at);
}

/** Day and clock time: `22 Nov 21:48`. */
export function dayAndClock(instant: string | null | undefined): string {
  if (instant === null || instant === undefined) return NONE;
  const at = new Date(instant);
  return `${dates({ day: "numeric", month: "short" }).format(at)} ${clock(at)}`;
}

/** A day with its name: `Monday 23 November`. */
export function longDay(instant: string | Date): string {
  return dates({ weekday: "long", day: "numeric", month: "long" }).format(new Date(instant));
}

/** A day of the week and its date, where it is near: `Thu 26 Nov`. */
export function shortDay(instant: string | Date): string {
  return dates({ weekday: "short", day: "numeric", month: "short" }).format(new Date(instant));
}

/** A day of the coming week and its clock time: `Tue 12:00`. */
export function weekdayAndClock(instant: string | Date): string {
  const at = new Date(instant);
  return `${dates({ weekday: "short" }).format(at)} ${clock(at)}`;
}

/** A day with its year, for paper: `22 November 2026`. */
export function wholeDay(instant: string | Date): string {
  return dates({ dateStyle: "long" }).format(new Date(instant));
}

/** Everything about an instant, for a title: `22 November 2026, 21:48:03`. */
export function wholeInstant(instant: string): string {
  return dates({ dateStyle: "long", timeStyle: "medium" }).format(new Date(instant));
}

/** Time that is left or that has passed, in the two largest units: `1 h 24`, `3 days`, `2 min`. */
export function span(ms: number): string {
  const unit = (value: number, name: string) =>
    numbers({ style: "unit", unit: name, unitDisplay: "short", maximumFractionDigits: 0 }).format(value);
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  if (minutes < 60) return unit(minutes, "minute");
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return m.frame_span_hours({ hours: String(hours), minutes: String(minutes % 60).padStart(2, "0") });
  return numbers({ style: "unit", unit: "day", unitDisplay: "long", maximumFractionDigits: 0 }).format(Math.floor(hours / 24));
}

/** The same in one short unit, for narrow places: `2m`, `3h`, `5d`; under a minute nothing passed. */
export function age(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  if (minutes === 0) return m.frame_just_now();
  if (minutes < 60) return m.frame_age_minutes({ count: quantity(minutes) });
  if (minutes < 48 * 60) return m.frame_age_hours({ count: quantity(Math.floor(minutes / 60)) });
  return m.frame_age_days({ count: quantity(Math.floor(minutes / 1440)) });
}

/** So many seconds in the largest units that say it without a rest: `24 min`, `166 s`. */
export function lasting(seconds: number): string {
  const units = [[86_400, "day"], [3_600, "hour"], [60, "minute"], [1, "second"]] as const;
  const [size, unit] = units.find(([size]) => seconds % size === 0) ?? [1, "second"];
  if (unit === "second") return m.frame_seconds({ count: quantity(seconds) });
  return numbers({ style: "unit", unit, unitDisplay: "short", maximumFractionDigits: 0 }).format(seconds / size);
}

/** How long ago something was: `5 min ago`, `just now`. */
export function ago(ms: number): string {
  return ms < 60_000 ? m.frame_just_now() : m.frame_ago({ span: span(ms) });
}

/** A list as a sentence has it: `Corsair, Logitech and Sony`. */
export function listed(items: readonly string[]): string {
  return new Intl.ListFormat(dateLocale(), { type: "conjunction" }).format(items);
}
