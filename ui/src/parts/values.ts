/** Values of changes as the host writes them: `34.90 USD`, `28`, `19.90 USD, 28`, or words. */

import type { ActionKind } from "$src/backend/bindings";
import { decimal, NONE, percent, quantity } from "./format";

const MONEY = /^(-?\d+(?:\.\d+)?) ([A-Z]{3})$/;
const NUMBER = /^-?\d+(?:\.\d+)?$/;
/** The words and images of a listing are told by a digest of them, which says nothing to a person. */
const DIGEST = /^[0-9a-f]{32,}$/;

/** Whether a value is what a change makes of words and images, not a number that can be read. */
export function isContent(text: string | null): boolean {
  return text !== null && DIGEST.test(text);
}

/** A value of a change of this kind: numbers of parcels are no numbers to be grouped. */
export function valueOf(kind: ActionKind | null, text: string | null): string {
  if (isContent(text)) return "";
  return kind === "ship" ? (text ?? NONE) : valueText(text);
}

/** A value of a change, written as the language writes it. */
export function valueText(text: string | null): string {
  if (text === null || text === "") return NONE;
  return text.split(", ").map((part) => {
    const [, amount, currency] = MONEY.exec(part) ?? [];
    if (amount !== undefined) return `${decimal(amount)} ${currency}`;
    return NUMBER.test(part) ? decimal(part) : part;
  }).join(", ");
}

/** The same without its currency, which stands in the head. */
export function bareText(text: string | null, kind: ActionKind | null = null): string {
  if (isContent(text) || kind === "ship") return valueOf(kind, text);
  const [, amount] = MONEY.exec(text ?? "") ?? [];
  return amount === undefined ? valueText(text) : decimal(amount);
}

/** An amount without its currency, where there is room for no more; any other text as it is. */
export function amountText(text: string | null): string | null {
  const [, amount] = MONEY.exec(text ?? "") ?? [];
  return amount === undefined ? text : decimal(amount);
}

/** The currency that all of some values have; null where there are several or none. */
export function oneCurrency(values: readonly (string | null)[]): string | null {
  const found = new Set(values.flatMap((value) => MONEY.exec(value ?? "")?.[2] ?? []));
  return found.size === 1 ? ([...found][0] ?? null) : null;
}

/** Decimal text as a whole number of its smallest step, with so many digits behind the point. */
function scaled(text: string, digits: number): bigint {
  const [whole = "0", fraction = ""] = text.replace("-", "").split(".");
  const value = BigInt(whole + fraction.padEnd(digits, "0").slice(0, digits));
  return text.startsWith("-") ? -value : value;
}

/** How far a price moves, in thousandths of what it was; null where that is no price. Exact. */
export function moved(from: string | null, to: string | null): number | null {
  const [, old, currency] = MONEY.exec(from ?? "") ?? [];
  const [, next, other] = MONEY.exec(to ?? "") ?? [];
  if (old === undefined || next === undefined || currency !== other) return null;
  const digits = Math.max(...[old, next].map((text) => text.split(".")[1]?.length ?? 0));
  const [before, after] = [scaled(old, digits), scaled(next, digits)];
  return before === 0n ? null : Number(((after - before) * 1000n) / before);
}

/** How far a value moves, as the list tells it: `−6.7 %` for prices, `+3` for units. */
export function movedText(from: string | null, to: string | null, by: number | null = moved(from, to)): string {
  if (by !== null) return percent(by / 1000, true);
  if (from === null || to === null || !/^\d+$/.test(from) || !/^\d+$/.test(to)) return "";
  const units = Number(to) - Number(from);
  return units > 0 ? `+${quantity(units)}` : quantity(units);
}
