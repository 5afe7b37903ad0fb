/** Sums of money as whole minor units: no amount passes through a float. */

import type { Amounts, Money, Tax } from "$src/backend/bindings";
import { decimal, moneyWithCurrency } from "$src/parts/format";
import { m } from "$words";

/** Digits behind the point of a currency. */
function minorDigits(currency: string): number {
  try {
    const format = new Intl.NumberFormat("en", { style: "currency", currency });
    return format.resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    return 2;
  }
}

function units(text: string, digits: number): bigint | null {
  const [, sign = "", whole = "", fraction = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  if (whole === "") return null;
  return BigInt(`${sign}${whole}${fraction.padEnd(digits, "0").slice(0, digits)}`);
}

/** A decimal text in minor units of a currency; null where it is none. */
export function toMinor(text: string, currency: string): number | null {
  const found = units(text, minorDigits(currency));
  return found === null ? null : Number(found);
}

function written(value: bigint, digits: number): string {
  const sign = value < 0n ? "-" : "";
  const figures = (value < 0n ? -value : value).toString().padStart(digits + 1, "0");
  const at = figures.length - digits;
  return digits === 0 ? `${sign}${figures}` : `${sign}${figures.slice(0, at)}.${figures.slice(at)}`;
}

/** Sums by currency, in the order in which the currencies come first. */
export function sumsOf(amounts: Iterable<Money | null>): Money[] {
  const sums = new Map<string, { value: bigint; digits: number }>();
  for (const money of amounts) {
    if (money === null) continue;
    const digits = money.amount.split(".")[1]?.length ?? 0;
    const held = sums.get(money.currency) ?? { value: 0n, digits };
    const most = Math.max(held.digits, digits);
    const added = units(money.amount, most) ?? 0n;
    const value = held.value * 10n ** BigInt(most - held.digits) + added;
    sums.set(money.currency, { value, digits: most });
  }
  return [...sums].map(([currency, { value, digits }]) => ({ amount: written(value, digits), currency }));
}

/** Sums as they are told. One in the currency that stands in the head needs no name. */
export function sumsText(sums: readonly Money[], head: string | null = null): string {
  const [only] = sums;
  if (sums.length === 1 && only !== undefined && only.currency === head) return decimal(only.amount);
  return sums.map((sum) => moneyWithCurrency(sum)).join(" + ");
}

/** Why an amount cannot be given back; null where it can. */
export function checkRefund(read: string | null, currency: string): string | null {
  if (read === null) return m.orders_not_an_amount();
  if (read.startsWith("-") || /^0*(\.0*)?$/.test(read)) return m.orders_amount_positive();
  const digits = minorDigits(currency);
  const fraction = (read.split(".")[1] ?? "").replace(/0+$/, "");
  return fraction.length > digits ? m.orders_amount_digits({ digits: String(digits), currency }) : null;
}

const minus = (money: Money | null): Money | null =>
  money === null ? null : { ...money, amount: money.amount.startsWith("-") ? money.amount.slice(1) : `-${money.amount}` };

/** The numbers of taxes that customs papers need, each once, with what kind they are. */
export function taxReferences(taxes: readonly Tax[]): string[] {
  const told = taxes.flatMap(({ reference, reference_name }) => (reference === null ? [] : [`${reference_name ?? ""} ${reference}`.trim()]));
  return [...new Set(told)];
}

/** Whether the tax that the marketplace pays is a part of the total, as on some it is. */
export function isTaxInTotal(amounts: Amounts, total: Money | null): boolean {
  if (amounts.tax_by_marketplace === null || total === null) return false;
  const { items, shipping, discount, tax, tax_by_marketplace, other } = amounts;
  const [sum, more] = sumsOf([items, shipping, minus(discount), tax, tax_by_marketplace, other]);
  return more === undefined && sum !== undefined && toMinor(sum.amount, sum.currency) === toMinor(total.amount, total.currency);
}
