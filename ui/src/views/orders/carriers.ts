/** Carriers, and whose a tracking number is by its form. */

/** Those that are offered, by their own names; any other can be typed. */
export const CARRIERS = [
  "USPS", "UPS", "FedEx", "DHL", "OnTrac", "Amazon Logistics", "Canada Post", "Royal Mail", "Correios", "Chunghwa Post",
] as const;

/** The first form that fits; those that are told apart best come first. */
const FORMS: readonly (readonly [RegExp, string])[] = [
  [/^1Z[0-9A-Z]{16}$/, "UPS"],
  [/^TBA\d{12}$/, "Amazon Logistics"],
  [/^[A-Z]{2}\d{9}US$/, "USPS"],
  [/^[A-Z]{2}\d{9}GB$/, "Royal Mail"],
  [/^[A-Z]{2}\d{9}CA$/, "Canada Post"],
  [/^[A-Z]{2}\d{9}BR$/, "Correios"],
  [/^[A-Z]{2}\d{9}TW$/, "Chunghwa Post"],
  [/^9[1-5]\d{18,24}$/, "USPS"],
  [/^[CD]\d{14}$/, "OnTrac"],
  [/^(JD|JJD)\d{12,22}$/, "DHL"],
  [/^\d{16}$/, "Canada Post"],
  [/^(\d{12}|\d{15})$/, "FedEx"],
  [/^\d{10}$/, "DHL"],
];

/** A number as a scanner or a mail gives it, in the form in which it is told. */
export function trackingOf(text: string): string {
  const bare = text.replace(/[\s\u00a0-]/g, "").toUpperCase();
  // A postal barcode begins with 420 and the buyer's ZIP; the number is behind it.
  const [, postal] = /^420(?:\d{5}|\d{9})(9[1-5]\d{18,20})$/.exec(bare) ?? [];
  return postal ?? bare;
}

/** Whose number it is; null where its form does not tell. */
export function carrierOf(text: string): string | null {
  const number = trackingOf(text);
  return FORMS.find(([form]) => form.test(number))?.[1] ?? null;
}
