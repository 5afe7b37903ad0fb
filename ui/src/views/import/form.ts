/** How a file is written: what was recognised, and what a person says instead. */

import type { Encoding, ImportForm, ImportOpenResponse, NumberFormat } from "$src/backend/bindings";
import { CallError } from "$src/backend/error";
import { m } from "$words";

import { delimiterWord, encodingWord, numbersWord } from "./words";

/** Nothing is said: the file tells. */
export const RECOGNISED: ImportForm = { encoding: null, delimiter: null, numbers: null };

export const ENCODINGS: readonly Encoding[] = [
  "utf8", "windows1252", "windows1250", "windows1251", "utf16_le", "utf16_be", "big5", "gb18030", "shift_jis", "euc_kr",
];
export const DELIMITERS = [",", ";", "\t", "|"] as const;
export const NUMBERS: readonly NumberFormat[] = ["point", "comma"];

export interface FormChoice {
  value: string;
  label: string;
}

/** What may be said of a part of the form. The first takes back what was said. */
function choices<V extends string>(said: V | null | undefined, found: V | undefined, all: readonly V[], word: (one: V) => string): FormChoice[] {
  const recognised = said === null && found !== undefined ? m.import_form_found({ found: word(found) }) : m.import_form_recognise();
  return [{ value: "", label: recognised }, ...all.map((value) => ({ value, label: word(value) }))];
}

export interface FormPart {
  part: keyof ImportForm;
  title: string;
  value: string;
  choices: FormChoice[];
}

/** The parts of a file's form, each with what may be said of it. */
export function formParts(form: ImportForm, opened: ImportOpenResponse | null): FormPart[] {
  return [
    { part: "encoding", title: m.import_fact_encoding(), value: form.encoding ?? "", choices: choices(form.encoding, opened?.encoding, ENCODINGS, encodingChoice) },
    { part: "delimiter", title: m.import_fact_delimiter(), value: form.delimiter ?? "", choices: choices<string>(form.delimiter, opened?.delimiter, DELIMITERS, delimiterWord) },
    { part: "numbers", title: m.import_fact_numbers(), value: form.numbers ?? "", choices: choices(form.numbers, opened?.numbers, NUMBERS, numbersWord) },
  ];
}

/** The form with one part said otherwise; an empty value leaves it to the file. */
export function withPart(form: ImportForm, part: keyof ImportForm, value: string): ImportForm {
  return { ...form, [part]: value === "" ? null : value };
}

/** Whether saying how a file is written may be what helps. */
export function mendedByForm(error: unknown): boolean {
  if (!(error instanceof CallError) || error.kind !== "not_a_table") return false;
  return ["encoding", "no_header", "too_many_columns"].includes(error.params.why ?? "");
}

/** An encoding as those choose it who know the language of a file, not the name of its code. */
export function encodingChoice(encoding: Encoding): string {
  const name = encodingWord(encoding);
  switch (encoding) {
    case "utf8": case "utf16_le": case "utf16_be": return name;
    case "windows1252": return m.import_encoding_western({ name });
    case "windows1250": return m.import_encoding_central({ name });
    case "windows1251": return m.import_encoding_cyrillic({ name });
    case "big5": return m.import_encoding_traditional({ name });
    case "gb18030": return m.import_encoding_simplified({ name });
    case "shift_jis": return m.import_encoding_japanese({ name });
    case "euc_kr": return m.import_encoding_korean({ name });
  }
}
