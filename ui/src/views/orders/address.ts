/** Where an order goes, as it is written on a parcel. */

import type { Address } from "$src/backend/bindings";
import { locale } from "$src/app/locale.svelte";

/** Countries that write the region and the postal code behind the city. */
const CITY_FIRST = new Set(["US", "CA", "AU", "NZ"]);
/** Countries that write the postal code on a line of its own. */
const CODE_BELOW = new Set(["GB", "IE"]);

function countryName(code: string): string {
  try {
    return new Intl.DisplayNames(locale.id, { type: "region" }).of(code) ?? code;
  } catch {
    return code;
  }
}

const isText = (text: string | null | undefined): text is string => text !== null && text !== undefined && text.trim() !== "";

function cityLines({ city, region, postal_code, country }: Address): string[] {
  if (CITY_FIRST.has(country ?? "")) {
    const behind = [region, postal_code].filter(isText).join(" ");
    return [[city, behind].filter(isText).join(", ")];
  }
  if (CODE_BELOW.has(country ?? "")) return [city ?? "", region ?? "", postal_code ?? ""];
  return [[[postal_code, city].filter(isText).join(" "), region].filter(isText).join(", ")];
}

/** Line by line; what is not known is left out. */
export function addressLines(address: Address | null): string[] {
  if (address === null) return [];
  const { name, company, line1, line2, line3, country, reference } = address;
  const lines = [name, company, line1, line2, line3, ...cityLines(address), country === null ? null : countryName(country), reference];
  return lines.filter(isText).map((line) => line.trim());
}
