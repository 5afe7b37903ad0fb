/** When orders must leave: as a countdown, and as the lines between their days. */

import type { OrderGroupView } from "$src/backend/bindings";
import { plural } from "$src/app/locale.svelte";
import { clock, longDay, quantity, span, weekdayAndClock, when } from "$src/parts/format";
import type { GroupLine } from "$src/parts/grid/layout";
import { m } from "$words";

import { sumsText } from "./amounts";

const HOUR_MS = 3_600_000;
/** Below this the countdown is warm. */
const SOON_MS = 2 * HOUR_MS;

export interface Deadline {
  text: string;
  /** `warm`: late, or under two hours. */
  tone: "warm" | "today" | "later";
}

/** How a deadline looks in a list. */
export const DEADLINE_TONES: Record<Deadline["tone"], string> = { warm: "low", today: "second", later: "third" };

/** Whole days from one local day to another. */
function daysBetween(from: Date, to: Date): number {
  const day = (at: Date) => Date.UTC(at.getFullYear(), at.getMonth(), at.getDate());
  return Math.round((day(to) - day(from)) / (24 * HOUR_MS));
}

/** Long delays are told without minutes: the column has room for two words. */
function lateSpan(ms: number): string {
  return ms >= 10 * HOUR_MS && ms < 24 * HOUR_MS ? m.frame_span_whole_hours({ hours: String(Math.floor(ms / HOUR_MS)) }) : span(ms);
}

/** A deadline as the list tells it; of an order that waits no longer, only its day. */
export function deadlineOf(shipBy: string | null, now: number, waits: boolean): Deadline | null {
  if (shipBy === null) return null;
  const at = Date.parse(shipBy);
  const today = new Date(now);
  if (!waits) return { text: when(shipBy, today), tone: "later" };
  const left = at - now;
  if (left < 0) return { text: m.orders_late({ span: lateSpan(-left) }), tone: "warm" };
  if (left < SOON_MS) return { text: span(left), tone: "warm" };
  const days = daysBetween(today, new Date(at));
  if (days === 0) return { text: span(left), tone: "today" };
  return { text: days < 7 ? weekdayAndClock(shipBy) : when(shipBy, today), tone: "later" };
}

/** A deadline in a sentence: "today 17:00, in 2 h 24". */
export function deadlineSentence(shipBy: string, now: number): string {
  const left = Date.parse(shipBy) - now;
  const days = daysBetween(new Date(now), new Date(shipBy));
  const day = days === 0 ? m.orders_today_at({ time: clock(shipBy) })
    : days === 1 ? m.orders_tomorrow_at({ time: clock(shipBy) })
      : days > 1 && days < 7 ? weekdayAndClock(shipBy) : `${when(shipBy, new Date(now))} ${clock(shipBy)}`;
  return left < 0 ? m.orders_by_late({ day, span: span(-left) }) : m.orders_by_in({ day, span: span(left) });
}

/** A day without a time, as the seller's own. */
function localDay(day: string): Date {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date);
}

function dayTitle(day: string | null, now: Date): string {
  if (day === null) return m.orders_no_deadline();
  const at = localDay(day);
  const days = daysBetween(now, at);
  if (days === 0) return m.orders_today();
  if (days === 1) return m.orders_tomorrow();
  if (days === -1) return m.orders_yesterday();
  const sameYear = at.getFullYear() === now.getFullYear();
  return sameYear ? longDay(at) : `${longDay(at)} ${at.getFullYear()}`;
}

/** What of a day waits for a hand: the next deadline today, or that it has passed. */
function dayWarning({ day, first }: OrderGroupView, now: Date): string | undefined {
  if (day === null || first === null) return undefined;
  const days = daysBetween(now, localDay(day));
  if (days < 0) return m.orders_day_late();
  if (days > 0) return undefined;
  return Date.parse(first) < now.getTime() ? m.orders_late_since({ time: clock(first) }) : m.orders_next_by({ time: clock(first) });
}

/** The lines between the days. `waits`: what is listed must still leave. */
export function groupLines(groups: readonly OrderGroupView[], now: number, currency: string, waits: boolean): GroupLine[] {
  const today = new Date(now);
  return groups.map((group) => {
    const count = quantity(group.count);
    const orders = plural(group.count, { one: () => m.orders_count_one({ count }), other: () => m.orders_count({ count }) });
    const note = group.sums.length === 0 ? orders : m.orders_group({ orders, sum: sumsText(group.sums, currency) });
    const warm = waits ? dayWarning(group, today) : undefined;
    return { at: group.at, title: dayTitle(group.day, today), note, ...(warm === undefined ? {} : { warm }) };
  });
}
