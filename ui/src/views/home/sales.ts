/** What was sold: sums without floats, and bars for each day by marketplace. */

import type { Money, SalesView, SoldView } from "$src/backend/bindings";
import { decimal } from "$src/parts/format";

/** An amount in the smallest units of its text: `41208.40` is 4120840 with 2 digits. */
export function minor(amount: string, digits: number): bigint {
  const [, sign = "", whole = "0", fraction = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(amount) ?? [];
  const units = BigInt(whole + fraction.padEnd(digits, "0").slice(0, digits));
  return sign === "-" ? -units : units;
}

/** The digits behind the point of an amount. */
export function digitsOf(amount: string): number {
  return amount.includes(".") ? amount.length - amount.indexOf(".") - 1 : 0;
}

/** Smallest units as decimal text. */
export function major(units: bigint, digits: number): string {
  const text = (units < 0n ? -units : units).toString().padStart(digits + 1, "0");
  const whole = text.slice(0, text.length - digits);
  const sign = units < 0n ? "-" : "";
  return digits === 0 ? `${sign}${whole}` : `${sign}${whole}.${text.slice(-digits)}`;
}

function divided(units: bigint, by: bigint): bigint {
  const half = units < 0n ? -(by / 2n) : by / 2n;
  return (units + half) / by;
}

/** The currencies that were sold in, the one of most orders first. */
export function currenciesOf(sales: SalesView): string[] {
  const counts = new Map<string, number>(sales.totals.map(({ currency }) => [currency, 0]));
  for (const { total, orders } of sales.days) {
    if (total !== null) counts.set(total.currency, (counts.get(total.currency) ?? 0) + orders);
  }
  return [...counts].sort((a, b) => b[1] - a[1]).map(([currency]) => currency);
}

export interface Figures {
  total: Money;
  orders: number;
  /** What an order brought. */
  each: Money | null;
  /** How much more or less than as many days before, as a share of 1; null where nothing was sold then. */
  growth: number | null;
}

/** The sums of one currency. */
export function figures(sales: SalesView, currency: string): Figures {
  const amount = sales.totals.find((one) => one.currency === currency)?.amount ?? "0";
  const before = sales.totals_before.find((one) => one.currency === currency)?.amount ?? "0";
  const digits = Math.max(digitsOf(amount), digitsOf(before));
  const [now, then] = [minor(amount, digits), minor(before, digits)];
  const sold = sales.days.filter(({ total }) => total?.currency === currency);
  const orders = sold.reduce((all, one) => all + one.orders, 0);
  return {
    total: { amount, currency },
    orders,
    each: orders === 0 ? null : { amount: major(divided(now, BigInt(orders)), digits), currency },
    growth: then <= 0n ? null : Number(divided((now - then) * 1000n, then)) / 1000,
  };
}

/** A day of the calendar without a time, as the seller's own. */
export function localDay(day: string): Date {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date);
}

/** Every day from one to another, both included. */
export function daysFrom(from: string, to: string): string[] {
  const days: string[] = [];
  for (let at = Date.parse(from); at <= Date.parse(to) && days.length < 400; at += 86_400_000) {
    days.push(new Date(at).toISOString().slice(0, 10));
  }
  return days;
}

export interface DayBar {
  day: string;
  orders: number;
  total: string;
  parts: { marketplace: string; amount: string; orders: number; low: number; high: number }[];
}

export interface Chart {
  /** Nothing, with the digits of the others. */
  zero: string;
  bars: DayBar[];
  marketplaces: { marketplace: string; total: string; orders: number }[];
  /** Lines across, each with its share of the height. */
  lines: { at: number; label: string }[];
}

/** The order in which marketplaces lie on each other. */
const ORDER = ["ebay", "amazon", "walmart", "newegg"];

function marketplacesOf(sold: readonly SoldView[]): string[] {
  const rank = (one: string) => (ORDER.includes(one) ? ORDER.indexOf(one) : ORDER.length);
  return [...new Set(sold.map(({ marketplace }) => marketplace))].sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
}

/** Round steps for an axis: 1, 2 or 5 times a power of ten, two or three lines. */
export function steps(top: bigint): bigint[] {
  if (top <= 0n) return [0n];
  let step = 1n;
  const grow = [2n, 5n, 10n];
  for (let power = 1n, n = 0; top / step > 3n; n += 1) {
    const factor = grow[n % 3] ?? 10n;
    step = power * factor;
    if (factor === 10n) power *= 10n;
  }
  return Array.from({ length: Number(top / step) + 1 }, (_, n) => BigInt(n) * step);
}

/** Heights for one currency, as shares of the highest day and some air. */
export function chart(sales: SalesView, currency: string): Chart {
  const sold = sales.days.filter(({ total }) => total?.currency === currency);
  const digits = Math.max(0, ...sold.map(({ total }) => digitsOf(total?.amount ?? "")));
  const marketplaces = marketplacesOf(sold);
  const units = (of: readonly SoldView[]) => of.reduce((all, { total }) => all + minor(total?.amount ?? "0", digits), 0n);
  const days = daysFrom(sales.from, sales.to).map((day) => ({ day, sold: sold.filter((one) => one.day === day) }));
  const top = days.reduce((most, { sold: of }) => { const sum = units(of); return sum > most ? sum : most; }, 0n);
  // A share is for the eye: it is never shown as a number.
  const share = (value: bigint) => (top === 0n ? 0 : Number((value * 10_000n) / top) / 10_000);
  const scale = 10n ** BigInt(digits);
  return {
    zero: decimal(major(0n, digits)),
    bars: days.map(({ day, sold: of }) => {
      let reached = 0n;
      const parts = marketplaces.flatMap((marketplace) => {
        const mine = of.filter((one) => one.marketplace === marketplace);
        if (mine.length === 0) return [];
        const low = reached;
        reached += units(mine);
        const orders = mine.reduce((all, one) => all + one.orders, 0);
        return [{ marketplace, amount: decimal(major(reached - low, digits)), orders, low: share(low), high: share(reached) }];
      });
      return { day, orders: of.reduce((all, one) => all + one.orders, 0), total: decimal(major(reached, digits)), parts };
    }),
    marketplaces: marketplaces.map((marketplace) => {
      const mine = sold.filter((one) => one.marketplace === marketplace);
      return { marketplace, total: decimal(major(units(mine), digits)), orders: mine.reduce((all, one) => all + one.orders, 0) };
    }),
    lines: steps(top / scale).map((line) => ({ at: share(line * scale), label: decimal(line.toString()) })),
  };
}
