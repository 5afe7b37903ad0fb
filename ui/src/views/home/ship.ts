/** What must leave: the headline, the line below it, and the time line of the deadlines. */

import type { DeadlineView, ToShipView } from "$src/backend/bindings";
import { plural } from "$src/app/locale.svelte";
import { clock, listed, quantity, shortDay, span, weekdayAndClock } from "$src/parts/format";
import { marketplaceName } from "$src/parts/marks";
import { m } from "$words";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Deadlines are told to the minute; those of one minute are one. */
function minuteOf(instant: string): number {
  return Math.floor(Date.parse(instant) / 60_000);
}

/** Days that the time line shows where nothing must leave today. */
const DAYS_SHOWN = 7;
/** The line of a day begins here, or earlier where something is earlier. */
const MORNING = 8;
const HOURS_STEP = 2;

function midnight(at: number, days = 0): number {
  const date = new Date(at);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days).getTime();
}

function sum(of: readonly DeadlineView[]): number {
  return of.reduce((all, { count }) => all + count, 0);
}

/** Orders that must leave before the day ends, late ones included. */
export function dueToday(deadlines: readonly DeadlineView[], now: number): DeadlineView[] {
  const end = midnight(now, 1);
  return deadlines.filter(({ ship_by }) => Date.parse(ship_by) < end);
}

/** What stands first: `18 orders to ship today`. `any`: whether there ever was an order. */
export function headline(toShip: ToShipView, now: number, any: boolean): string {
  if (!any) return m.home_no_orders();
  if (toShip.count === 0) return m.home_all_shipped();
  const today = sum(dueToday(toShip.deadlines, now));
  const n = today > 0 ? today : toShip.count;
  const count = quantity(n);
  if (today > 0) return plural(n, { one: () => m.home_ship_today_one(), other: () => m.home_ship_today({ count }) });
  return plural(n, { one: () => m.home_ship_later_one(), other: () => m.home_ship_later({ count }) });
}

/** The deadline that comes next, with everything that shares it. */
export function nextOf(toShip: ToShipView): DeadlineView[] {
  const { next, deadlines } = toShip;
  if (next === null) return [];
  return deadlines.filter(({ ship_by }) => minuteOf(ship_by) === minuteOf(next));
}

/** A deadline as it is said: a clock time today, else with its day. */
export function deadlineWord(at: string, now: number): string {
  const time = Date.parse(at);
  if (time >= midnight(now) && time < midnight(now, 1)) return clock(at);
  return time < midnight(now, DAYS_SHOWN) && time > now ? weekdayAndClock(at) : `${shortDay(at)} ${clock(at)}`;
}

/** `4 Walmart and 6 eBay orders`, by marketplace. */
function ordersOf(deadlines: readonly DeadlineView[]): string {
  const counts = new Map<string, number>();
  for (const { marketplace, count } of deadlines) counts.set(marketplace, (counts.get(marketplace) ?? 0) + count);
  const parts = [...counts].map(([marketplace, count]) => `${quantity(count)} ${marketplaceName(marketplace)}`);
  return plural(sum(deadlines), { one: () => m.home_orders_one({ of: listed(parts) }), other: () => m.home_orders({ of: listed(parts) }) });
}

export interface ShipNote {
  /** Late orders: the warm part. */
  late: string;
  next: string;
  rest: string[];
}

/** The sentences below the headline. */
export function shipNote(toShip: ToShipView, now: number): ShipNote {
  const { overdue, next, shipped_today, without_deadline, count, deadlines } = toShip;
  const today = sum(dueToday(deadlines, now));
  const later = count - today - without_deadline;
  const rest: string[] = [];
  if (today > 0 && later > 0) rest.push(plural(later, { one: () => m.home_more_later_one(), other: () => m.home_more_later({ count: quantity(later) }) }));
  if (without_deadline > 0) rest.push(m.home_without_deadline({ count: quantity(without_deadline) }));
  if (shipped_today > 0) rest.push(m.home_shipped_today({ count: quantity(shipped_today) }));
  const lateCount = quantity(overdue);
  return {
    late: overdue === 0 ? "" : plural(overdue, { one: () => m.home_late_one(), other: () => m.home_late({ count: lateCount }) }),
    next: next === null ? "" : m.home_next_by({
      time: deadlineWord(next, now), span: span(Date.parse(next) - now), orders: ordersOf(nextOf(toShip)),
    }),
    rest,
  };
}

export interface Tick {
  key: string;
  /** Where its deadline is, as a share of the line. */
  at: number;
  count: number;
  marketplace: string;
  kind: "late" | "next" | "later";
  /** The whole of it in words. */
  title: string;
}

export interface TimeLine {
  /** Hours of today, or the coming days where nothing must leave today. */
  scale: "hours" | "days";
  marks: { at: number; label: string }[];
  now: number;
  ticks: Tick[];
}

function hourMarks(from: number, to: number): TimeLine["marks"] {
  const marks = [];
  for (let at = from; at < to; at += HOURS_STEP * HOUR_MS) marks.push({ at: (at - from) / (to - from), label: clock(at) });
  return marks;
}

function dayMarks(from: number, to: number): TimeLine["marks"] {
  return Array.from({ length: DAYS_SHOWN }, (_, days) => {
    const day = midnight(from, days);
    return { at: (day - from) / (to - from), label: shortDay(new Date(day)) };
  });
}

/** The time line: today by the hour, or the coming week by the day. */
export function timeLine(toShip: ToShipView, now: number): TimeLine {
  const today = dueToday(toShip.deadlines, now);
  const scale = today.length > 0 || toShip.deadlines.length === 0 ? "hours" : "days";
  const [from, to] = scale === "hours" ? dayBounds(today, now) : [midnight(now), midnight(now, DAYS_SHOWN)];
  const share = (time: number) => Math.min(1, Math.max(0, (time - from) / (to - from)));
  const ticks = new Map<string, Tick>();
  for (const one of toShip.deadlines) {
    const time = Date.parse(one.ship_by);
    if (time >= to) continue;
    const kind = time < now ? "late" : toShip.next !== null && minuteOf(one.ship_by) === minuteOf(toShip.next) ? "next" : "later";
    // What is late from before the line stands together at its beginning.
    const key = `${time < from ? "before" : minuteOf(one.ship_by)} ${one.marketplace}`;
    const count = (ticks.get(key)?.count ?? 0) + one.count;
    const title = m.home_tick({ time: deadlineWord(one.ship_by, now), orders: ordersOf([{ ...one, count }]) });
    ticks.set(key, { key, at: share(time), count, marketplace: one.marketplace, kind, title });
  }
  const marks = scale === "hours" ? hourMarks(from, to) : dayMarks(from, to);
  return { scale, marks, now: share(now), ticks: [...ticks.values()] };
}

function dayBounds(today: readonly DeadlineView[], now: number): [number, number] {
  const start = midnight(now);
  const first = today.map(({ ship_by }) => Date.parse(ship_by)).filter((time) => time >= start);
  const earliest = Math.min(now, ...first, start + MORNING * HOUR_MS);
  const hour = Math.floor((earliest - start) / HOUR_MS / HOURS_STEP) * HOURS_STEP;
  return [start + hour * HOUR_MS, Math.max(midnight(now, 1), start + DAY_MS)];
}

export interface Placed extends Tick {
  /** Its left edge and the foot of its stem, in pixels. */
  left: number;
  stem: number;
}

/** Puts ticks beside each other where they would lie over each other. What does not fit is counted. */
export function place(ticks: readonly Tick[], width: number, tickWidth: number, gap = 3): { placed: Placed[]; left: number } {
  const most = Math.max(1, Math.floor((width + gap) / (tickWidth + gap)));
  const shown = ticks.slice(0, most);
  const lefts = shown.map(({ at }) => at * width - tickWidth / 2);
  let edge = 0;
  for (const [n, left] of lefts.entries()) {
    lefts[n] = Math.max(left, edge);
    edge = (lefts[n] ?? 0) + tickWidth + gap;
  }
  let right = width;
  for (let n = lefts.length - 1; n >= 0; n -= 1) {
    lefts[n] = Math.max(0, Math.min(lefts[n] ?? 0, right - tickWidth));
    right = (lefts[n] ?? 0) - gap;
  }
  const placed = shown.map((tick, n) => {
    const left = Math.round(lefts[n] ?? 0);
    return { ...tick, left, stem: Math.min(tickWidth - 4, Math.max(4, Math.round(tick.at * width - left))) };
  });
  return { placed, left: ticks.slice(most).reduce((all, { count }) => all + count, 0) };
}
