/** Many orders that leave together: a tracking number for each, by hand or by scanner. */

import type { RefusedItem, ShipOrderRequest } from "$src/backend/bindings";

import { carrierOf, trackingOf } from "./carriers";

export interface Parcel {
  /** `ACCOUNT/ID`. */
  order: string;
  order_id: string;
  /** As typed. */
  tracking: string;
  /** Chosen by hand; empty where the number tells it. */
  carrier: string;
  refused: string | null;
  /** Refused only because the buyer has not paid: it can leave all the same. */
  unpaid: boolean;
}

export function parcelOf(order: string): Parcel {
  return { order, order_id: order.slice(order.indexOf("/") + 1), tracking: "", carrier: "", refused: null, unpaid: false };
}

/** Who carries it: chosen, else by the number, else the one for all. */
export function carrierFor(parcel: Parcel, forAll: string): string {
  return parcel.carrier || carrierOf(parcel.tracking) || forAll;
}

/** What is ready to be told. */
export function isReady(parcel: Parcel, forAll: string): boolean {
  return parcel.tracking.trim() !== "" && carrierFor(parcel, forAll) !== "";
}

/** What the host is told: all that is ready, or what was refused as unpaid and leaves all the same. */
export function requestsOf(parcels: readonly Parcel[], forAll: string, unpaid = false): ShipOrderRequest[] {
  return parcels.filter((one) => isReady(one, forAll) && (one.unpaid || !unpaid)).map((one) => ({
    order: one.order, carrier: carrierFor(one, forAll), tracking: trackingOf(one.tracking), ...(unpaid ? { unpaid } : {}),
  }));
}

/** Numbers that stand at several orders: one parcel, or one scan too many. */
export function twice(parcels: readonly Parcel[]): Set<string> {
  const seen = new Set<string>();
  const again = new Set<string>();
  for (const { tracking } of parcels) {
    const number = trackingOf(tracking);
    if (number !== "" && seen.has(number)) again.add(number);
    seen.add(number);
  }
  return again;
}

export interface Entered {
  parcels: Parcel[];
  /** Where to go on; null where nothing is open any more. */
  next: number | null;
}

/** Takes what was typed or scanned at a row: the number of another order goes there instead. */
export function enter(parcels: readonly Parcel[], at: number, text: string): Entered {
  const named = parcels.findIndex((one) => one.order_id.toLowerCase() === text.trim().toLowerCase());
  if (named >= 0) {
    // What was scanned is no tracking number: the row stays as empty as it was.
    return { parcels: parcels.map((one, row) => (row === at ? { ...one, tracking: "" } : one)), next: named };
  }
  const filled = parcels.map((one, row) => (row === at ? { ...one, tracking: text.trim(), refused: null, unpaid: false } : one));
  return { parcels: filled, next: nextOpen(filled, at) };
}

/** The next row without a number, after this one and then from the top. */
function nextOpen(parcels: readonly Parcel[], at: number): number | null {
  for (let step = 1; step <= parcels.length; step += 1) {
    const row = (at + step) % parcels.length;
    if (parcels[row]?.tracking.trim() === "") return row;
  }
  return null;
}

/** What is left after an answer: refused ones with their reason, and those that were not sent. */
export function leftOf(parcels: readonly Parcel[], sent: readonly ShipOrderRequest[], refused: readonly RefusedItem[]): Parcel[] {
  const named = new Set(sent.map(({ order }) => order));
  return parcels.flatMap((one) => {
    const why = refused.find(({ order }) => order === one.order);
    if (why !== undefined) return [{ ...one, refused: why.reason, unpaid: why.kind === "not_paid" }];
    return named.has(one.order) ? [] : [one];
  });
}
