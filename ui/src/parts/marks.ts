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

/** The country of a site as two letters: `EBAY_US` and `US` are both US. */
export function siteLetters(site: string): string {
  return site.split(/[_-]/).at(-1)?.toUpperCase() ?? site;
}
