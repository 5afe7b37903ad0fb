/** A marketplace's code, not words: one piece of letters, digits, `_` and `-`. */
const CODE = /^[A-Za-z0-9_-]+$/;

/** What eBay puts before the services that it names itself. */
const PREFIX = /^ShippingMethod(?=[A-Z])/;

/** Levels of service that marketplaces tell in capitals; what else is in capitals may be a carrier. */
const LEVELS = ["STANDARD", "EXPEDITED", "EXPRESS", "PRIORITY", "VALUE", "SCHEDULED", "SAME_DAY", "NEXT_DAY", "ONE_DAY", "TWO_DAY", "SECOND_DAY", "FREIGHT", "WHITE_GLOVE"];

/** A shipping service as a person reads it: marketplaces tell codes such as `ShippingMethodStandard`
 *  and `STANDARD`. Words stay as they are. */
export function serviceName(service: string): string {
  if (!CODE.test(service)) return service;
  const bare = service.replace(PREFIX, "");
  if (LEVELS.includes(bare)) {
    const words = bare.toLowerCase().replaceAll("_", " ");
    return words.charAt(0).toUpperCase() + words.slice(1);
  }
  return bare.replace(/_+/g, " ").replace(/([a-z])([A-Z])/g, "$1 $2").replace(/([A-Z]{2,})([A-Z][a-z])/g, "$1 $2");
}
