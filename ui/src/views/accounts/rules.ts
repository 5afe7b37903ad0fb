/** An account's rules as a form: texts under the names that the host knows. */

import { readDecimal } from "$src/parts/format";
import { m } from "$words";

export const STOCK_KINDS = ["buffered", "share", "fixed"] as const;
export type StockKind = (typeof STOCK_KINDS)[number];

type Json = { readonly [key: string]: unknown };

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value of the rules as text; empty where it is not set. */
export function ruleText(rules: unknown, path: string): string {
  let at: unknown = rules;
  for (const step of path.split(".")) at = isObject(at) ? at[step] : undefined;
  return typeof at === "string" || typeof at === "number" ? String(at) : "";
}

/** How quantities are computed. */
export function stockKind(rules: unknown): StockKind {
  const stock = isObject(rules) ? rules.stock : undefined;
  return STOCK_KINDS.find((kind) => isObject(stock) && kind in stock) ?? "buffered";
}

export interface RuleField {
  /** Below `rules.`. */
  path: string;
  title: () => string;
  /** What is in force where nothing is set. */
  standard: string;
  unit?: () => string;
  /** Whole units, not a decimal. */
  whole?: boolean;
  note?: () => string;
  /** Without this rule its number means nothing. */
  kind?: StockKind;
}

export const PRICE_FIELDS: readonly RuleField[] = [
  { path: "price.factor", title: m.accounts_rule_factor, standard: "1", note: m.accounts_rule_factor_note },
  { path: "price.add", title: m.accounts_rule_add, standard: "0" },
  { path: "price.fee_percent", title: m.accounts_rule_fee, standard: "0", unit: () => "%", note: m.accounts_rule_fee_note },
  { path: "price.ending", title: m.accounts_rule_ending, standard: "", note: m.accounts_rule_ending_note },
  { path: "price.floor", title: m.accounts_rule_floor, standard: "" },
  { path: "price.floor_over_cost", title: m.accounts_rule_floor_cost, standard: "", note: m.accounts_rule_floor_cost_note },
];

export const STOCK_FIELDS: readonly RuleField[] = [
  { path: "stock.buffered.buffer", title: m.accounts_rule_buffer, standard: "0", whole: true, kind: "buffered" },
  { path: "stock.buffered.cap", title: m.accounts_rule_cap, standard: "", whole: true, kind: "buffered" },
  { path: "stock.share.percent", title: m.accounts_rule_share, standard: "", unit: () => "%", kind: "share" },
  { path: "stock.fixed.quantity", title: m.accounts_rule_fixed, standard: "", whole: true, kind: "fixed" },
];

export const SAFETY_FIELDS: readonly RuleField[] = [
  { path: "safety.price_down_percent_max", title: m.accounts_rule_down, standard: "20", unit: () => "%" },
  { path: "safety.price_up_percent_max", title: m.accounts_rule_up, standard: "30", unit: () => "%" },
  { path: "safety.listings_max", title: m.accounts_rule_listings, standard: "10", whole: true },
  { path: "safety.share_percent_max", title: m.accounts_rule_many, standard: "20", unit: () => "%", whole: true },
];

/** Why a text cannot be; null where it can. An empty one takes the rule back. */
export function wrongRule({ whole }: RuleField, typed: string): string | null {
  if (typed.trim() === "") return null;
  const value = readDecimal(typed);
  if (value === null || value.startsWith("-") !== typed.trim().startsWith("-")) return m.accounts_rule_number();
  return whole && !/^\d+$/.test(value) ? m.accounts_rule_whole() : null;
}

/** The settings that keep one rule. A number of another kind of stock rule replaces that kind. */
export function ruleSetting(field: RuleField, typed: string, rules: unknown): Record<string, string> {
  const value = readDecimal(typed) ?? "";
  const other = field.kind !== undefined && stockKind(rules) !== field.kind;
  // Names are taken in their order: the old kind goes before the new one comes.
  return { ...(other ? { "rules.stock": "" } : {}), [`rules.${field.path}`]: value };
}
