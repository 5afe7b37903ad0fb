import { m } from "$words";

/** A marketplace's code, not words: one piece of letters, digits, `_` and `-`. */
const CODE = /^[A-Za-z0-9_-]+$/;

/** What eBay puts before the services that it names itself. */
const PREFIX = /^ShippingMethod(?=[A-Z])/;

/** Levels of service that marketplaces tell in capitals; what else is in capitals may be a carrier. */
const LEVELS = new Map<string, () => string>([
  ["STANDARD", m.orders_service_standard],
  ["EXPEDITED", m.orders_service_expedited],
  ["EXPRESS", m.orders_service_express],
  ["PRIORITY", m.orders_service_priority],
  ["VALUE", m.orders_service_value],
  ["SCHEDULED", m.orders_service_scheduled],
  ["SAME_DAY", m.orders_service_same_day],
  ["NEXT_DAY", m.orders_service_next_day],
  ["ONE_DAY", m.orders_service_one_day],
  ["TWO_DAY", m.orders_service_two_day],
  ["SECOND_DAY", m.orders_service_second_day],
  ["FREIGHT", m.orders_service_freight],
  ["WHITE_GLOVE", m.orders_service_white_glove],
]);

/** A shipping service as a person reads it: marketplaces tell codes such as `ShippingMethodStandard`
 *  and `STANDARD`. Words stay as they are. */
export function serviceName(service: string): string {
  if (!CODE.test(service)) return service;
  const bare = service.replace(PREFIX, "");
  const level = LEVELS.get(bare.toUpperCase());
  if (level !== undefined) return level();
  return bare.replace(/_+/g, " ").replace(/([a-z])([A-Z])/g, "$1 $2").replace(/([A-Z]{2,})([A-Z][a-z])/g, "$1 $2");
}
