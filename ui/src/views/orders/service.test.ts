import { expect, test } from "vitest";

import { serviceName } from "./service";

test.each([
  ["ShippingMethodStandard", "Standard"],
  ["STANDARD", "Standard"],
  ["NEXT_DAY", "Next day"],
  ["USPSPriority", "USPS Priority"],
  ["UK_RoyalMailSecondClassStandard", "UK Royal Mail Second Class Standard"],
  ["DE_DHLPaket", "DE DHL Paket"],
  ["Standard Shipping (5-7 business days)", "Standard Shipping (5-7 business days)"],
  ["USPS", "USPS"],
])("%s is read as %s", (code, words) => {
  expect(serviceName(code)).toBe(words);
});
