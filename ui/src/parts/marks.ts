/** Marketplaces by two letters and a coloured foot. Never a logo. */

const LETTERS: Record<string, { letters: string; name: string }> = {
  ebay: { letters: "eB", name: "eBay" },
  amazon: { letters: "Am", name: "Amazon" },
  walmart: { letters: "Wm", name: "Walmart" },
  newegg: { letters: "Ne", name: "Newegg" },
};

/** Two letters for a marketplace; its first two where none were drawn. */
export function lettersOf(marketplace: string): string {
  const drawn = LETTERS[marketplace]?.letters;
  return drawn ?? marketplace.slice(0, 1).toUpperCase() + marketplace.slice(1, 2);
}

/** The name of a marketplace as people write it. */
export function marketplaceName(marketplace: string): string {
  return LETTERS[marketplace]?.name ?? marketplace.slice(0, 1).toUpperCase() + marketplace.slice(1);
}

/** The colour of a marketplace's foot, as CSS: also for charts. */
export function markColour(marketplace: string): string {
  return marketplace in LETTERS ? `var(--mark-${marketplace})` : "var(--line-control)";
}

/** Amazon names its sites by ids that tell nothing (amazon.md §1). */
const AMAZON_SITES: Record<string, string> = {
  ATVPDKIKX0DER: "US", A2EUQ1WTGCTBG2: "CA", A1AM78C64UM0Y8: "MX", A2Q3Y263D00KWC: "BR", A1F83G8C2ARO7P: "UK",
  A1PA6795UKMFR9: "DE", A13V1IB3VIYZZH: "FR", APJ6JRA9NG5V4: "IT", A1RKKUPIHCS9HS: "ES", A1805IZSGTT6HS: "NL",
  AMEN7PMS3EDWL: "BE", A28R8C7NBKEWEA: "IE", A2NODRKZP88ZB9: "SE", A1C3SOZRARQ6R3: "PL", A33AVAJ2PDY3EV: "TR",
  ARBP9OOSHTCHU: "EG", A17E79C6D8DWNP: "SA", A2VIGQ35RCS4UG: "AE", AE08WJ6YKNBMC: "ZA", A21TJRUUN4KGV: "IN",
  A19VAU5U5O7RUS: "SG", A39IBJ37TRP1C6: "AU", A1VC38T7YXB528: "JP",
};

/** The country of a site as two letters: `EBAY_US` and `US` are both US. */
export function siteLetters(site: string): string {
  return AMAZON_SITES[site] ?? site.split(/[_-]/).at(-1)?.toUpperCase() ?? site;
}
