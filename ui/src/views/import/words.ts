/** The words for what stands in files and previews. Those of single mistakes come from the host. */

import type { Encoding, Layout, NumberFormat } from "$src/backend/bindings";
import { decimal, NONE } from "$src/parts/format";
import { m } from "$words";

const FIELDS: Record<string, () => string> = {
  handle: m.import_field_handle, sku: m.import_field_sku, title: m.import_field_title,
  description: m.import_field_description, brand: m.import_field_brand, category: m.import_field_category,
  tags: m.import_field_tags, gtin: m.import_field_gtin, mpn: m.import_field_mpn, asin: m.import_field_asin,
  condition: m.import_field_condition, weight: m.import_field_weight, length: m.import_field_length,
  width: m.import_field_width, height: m.import_field_height, cost: m.import_field_cost,
  price: m.import_field_price, compare_at: m.import_field_compare_at, quantity: m.import_field_quantity,
  location: m.import_field_location, images: m.import_field_images, variant_images: m.import_field_variant_images,
  currency: m.import_field_currency, parts: m.import_field_parts, attributes: m.import_field_attributes,
  variant_attributes: m.import_field_variant_attributes, options: m.import_field_options,
  variant: m.import_field_variant, product: m.import_field_product,
};

const NAMED: Record<string, (name: { name: string }) => string> = {
  option: m.import_field_option, attribute: m.import_field_attribute, variant_attribute: m.import_field_variant_attribute,
};

/** What a column is taken for, or a field that changes, in the seller's words. */
export function fieldWord(code: string): string {
  if (code === "ignore") return m.import_leave_out();
  if (code === "layout") return m.import_field_layout();
  const known = FIELDS[code];
  if (known !== undefined) return known();
  const [kind = "", ...rest] = code.split(":");
  const named = NAMED[kind];
  if (named !== undefined && rest.length > 0) return named({ name: rest.join(":") });
  const [, number, what] = /^option([123])_(name|value)$/.exec(code) ?? [];
  if (number !== undefined) return what === "name" ? m.import_field_option_name({ number }) : m.import_field_option_value({ number });
  return code;
}

const ENCODINGS: Record<Encoding, string> = {
  utf8: "UTF-8", utf16_le: "UTF-16 LE", utf16_be: "UTF-16 BE", windows1252: "Windows-1252",
  windows1250: "Windows-1250", windows1251: "Windows-1251", big5: "Big5", gb18030: "GB 18030", shift_jis: "Shift JIS", euc_kr: "EUC-KR",
};

/** The names of encodings are the same in all languages. */
export function encodingWord(encoding: Encoding): string {
  return ENCODINGS[encoding];
}

export function delimiterWord(delimiter: string): string {
  switch (delimiter) {
    case ",": return m.import_delimiter_comma();
    case ";": return m.import_delimiter_semicolon();
    case "\t": return m.import_delimiter_tab();
    case "|": return m.import_delimiter_bar();
    default: return delimiter;
  }
}

export function layoutWord(layout: Layout): string {
  switch (layout) {
    case "shopify": return m.import_layout_shopify();
    case "woo_commerce": return m.import_layout_woo();
    case "plain": return m.import_layout_plain();
  }
}

export function numbersWord(numbers: NumberFormat): string {
  return numbers === "comma" ? m.import_numbers_comma() : m.import_numbers_point();
}

const CAUSES: Record<string, () => string> = {
  title_missing: m.import_cause_title_missing, sku_missing: m.import_cause_sku_missing,
  sku_invalid: m.import_cause_sku_invalid, sku_duplicate: m.import_cause_sku_duplicate,
  not_a_number: m.import_cause_not_a_number, negative: m.import_cause_negative,
  not_whole: m.import_cause_not_whole, not_an_amount: m.import_cause_not_an_amount,
  currency: m.import_cause_currency, gtin_check_digit: m.import_cause_gtin_check_digit,
  gtin_rounded: m.import_cause_gtin_rounded, gtin_repaired: m.import_cause_gtin_repaired,
  gtin_invalid: m.import_cause_gtin_invalid, condition_unknown: m.import_cause_condition_unknown,
  measure_invalid: m.import_cause_measure_invalid, image_invalid: m.import_cause_image_invalid,
  cell_too_large: m.import_cause_cell_too_large, too_many_cells: m.import_cause_too_many_cells,
  quote_unclosed: m.import_cause_quote_unclosed, parent_missing: m.import_cause_parent_missing,
  kind_unsupported: m.import_cause_kind_unsupported, too_many_options: m.import_cause_too_many_options,
  part_unknown: m.import_cause_part_unknown, undecodable: m.import_cause_undecodable,
};

/** A kind of mistake as the head of its group; one that is not known by its code. */
export function causeWord(kind: string): string {
  return CAUSES[kind]?.() ?? kind.replaceAll("_", " ");
}

const MONEY: ReadonlySet<string> = new Set(["price", "cost", "compare_at"]);

export function isMoney(field: string): boolean {
  return MONEY.has(field);
}

export function isNumber(field: string): boolean {
  return isMoney(field) || field === "quantity";
}

/** A value of a preview as people read it: `1,234.50`, `0.6 kilogram`, `Colour: blue`. */
export function valueWord(field: string, text: string | null): string {
  if (text === null || text === "") return NONE;
  if (isMoney(field)) {
    const [amount = text] = text.split(" ");
    return decimal(amount);
  }
  if (field === "quantity") return decimal(text);
  if (/^(weight|length|width|height)$/.test(field)) {
    const [number = text, ...unit] = text.split(" ");
    return [decimal(number), ...unit].join(" ");
  }
  return text.startsWith("{") ? namedValues(text) : text;
}

/** `{"Colour":["blue","red"]}` as `Colour: blue, red`. */
function namedValues(text: string): string {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== "object" || parsed === null) return text;
    return Object.entries(parsed)
      .map(([name, value]) => `${name}: ${[value].flat().map(String).join(", ")}`)
      .join("; ");
  } catch {
    return text;
  }
}

/** A size of a file: `7.5 MB`, with the sizes that disks are sold by. */
export function sizeWord(bytes: number): string {
  if (bytes < 1_000) return m.import_bytes({ size: String(bytes) });
  if (bytes < 1_000_000) return m.import_kilobytes({ size: decimal(tenths(bytes, 1_000)) });
  return m.import_megabytes({ size: decimal(tenths(bytes, 1_000_000)) });
}

function tenths(bytes: number, unit: number): string {
  const all = Math.round((bytes * 10) / unit);
  return `${Math.floor(all / 10)}.${all % 10}`;
}
