/** Filters as sentences. A filter is a text in the address: `brand=Sony|JBL`, `stock_max=5`. */

export interface FilterChoice {
  value: string;
  label: string;
  note?: string;
}

export interface FilterKind {
  /** Its name in the address. */
  id: string;
  /** Its name where filters are added: "Brand". */
  title: () => string;
  /** The sentence up to the value: "Brand is one of". */
  says: (value: string) => string;
  /** The value in the sentence: "12 brands". */
  value: (value: string) => string;
  /** What can be chosen; with `search` it is asked for as somebody types. */
  choices?: () => readonly FilterChoice[];
  search?: (text: string) => Promise<readonly FilterChoice[]>;
  /** Several choices at once. */
  several?: boolean;
  /** A number that is typed; the unit stands beside. */
  number?: { unit: () => string };
}

/** Several values in one text. A bar does not occur in names of brands and states. */
export function joined(values: readonly string[]): string {
  return values.join("|");
}

export function split(value: string): string[] {
  return value === "" ? [] : value.split("|");
}

/** Takes one value in or out. */
export function toggled(value: string, one: string): string {
  const values = split(value);
  return joined(values.includes(one) ? values.filter((other) => other !== one) : [...values, one]);
}
