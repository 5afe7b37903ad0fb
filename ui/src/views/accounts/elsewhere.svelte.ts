/** Listings that were made elsewhere: the report that is waited for, and what is taken over. */

import type { ElsewhereRow, Money, TakenOverView } from "$src/backend/bindings";
import { CallError } from "$src/backend/error";
import { call } from "$src/backend/host";
import type { Picked } from "$src/parts/grid/selection.svelte";
import { money, moneyWithCurrency, NONE, quantity } from "$src/parts/format";

/** Listings that one request takes over. */
const TAKEN_MAX = 500;
/** A marketplace writes its report in minutes; one that does not come in so many askings never does. */
const ASKINGS_MAX = 240;
/** Not oftener than this, whatever the marketplace says. */
const EVERY_MS_MIN = 1_000;

/** A listing with all of its variations. */
export interface ListedElsewhere {
  id: string;
  /** Its SKUs; a listing without one cannot be taken over. */
  skus: string[];
  variations: number;
  /** Titles of the catalogue's own products of these SKUs. */
  titles: string[];
  known: boolean;
  price: string;
  units: string;
  page: string | null;
}

/** One price, or from the lowest to the highest. All prices of a listing are of one currency. */
function priceOf(prices: readonly Money[]): string {
  const sorted = [...prices].sort((a, b) => Number(a.amount) - Number(b.amount));
  const [least, most] = [sorted[0], sorted.at(-1)];
  if (least === undefined || most === undefined) return NONE;
  return least.amount === most.amount ? moneyWithCurrency(most) : `${money(least)}–${moneyWithCurrency(most)}`;
}

/** Rows of a report by the listing that they are of, in the report's order. */
export function listingsOf(rows: readonly ElsewhereRow[]): ListedElsewhere[] {
  const groups = new Map<string, ElsewhereRow[]>();
  for (const row of rows) {
    const group = groups.get(row.listing_id);
    if (group === undefined) groups.set(row.listing_id, [row]);
    else group.push(row);
  }
  return [...groups].map(([id, group]) => {
    const units = group.flatMap(({ quantity: count }) => count ?? []);
    return {
      id, variations: group.length,
      skus: group.flatMap(({ sku }) => sku ?? []),
      titles: [...new Set(group.flatMap(({ title }) => title ?? []))],
      known: group.every(({ known }) => known),
      price: priceOf(group.flatMap(({ price }) => price ?? [])),
      units: units.length === 0 ? NONE : quantity(units.reduce((sum, count) => sum + count, 0)),
      page: group.find(({ page }) => page !== null)?.page ?? null,
    };
  });
}

/** The ids of what was chosen. */
export function idsOf({ all, keys }: Picked, listings: readonly ListedElsewhere[]): string[] {
  const named = new Set(keys);
  return listings.filter(({ id }) => named.has(id) !== all).map(({ id }) => id);
}

/** Neither the host nor the marketplace could be asked, which says nothing of the report. */
const NOT_ASKED: readonly string[] = ["unreachable", "busy", "locked", "tls_failed", "no_answer", "marketplace_down", "limit_reached"];

/** Whether a report may still come after this. */
function mayCome(error: unknown): boolean {
  if (!(error instanceof CallError)) return false;
  return NOT_ASKED.includes(error.kind === "marketplace" ? (error.params.problem ?? "") : error.kind);
}

export type Phase = "waiting" | "there" | "taking" | "done";

/** One report, from asking for it to what became of the listings in it. */
export class Elsewhere {
  phase = $state<Phase>("waiting");
  listings = $state.raw<ListedElsewhere[]>([]);
  /** How many rows there are that the answer does not hold. */
  more = $state(0);
  /** Rows of the report, those included that the catalogue works with. */
  seen = $state(0);
  error = $state.raw<unknown>(null);
  /** How many were asked for while they are taken over, and how many of them are answered. */
  asked = $state(0);
  answered = $state(0);
  taken = $state.raw<TakenOverView[]>([]);
  /** No more are taken over after the request under way. */
  stopping = $state(false);

  #ticket: string | null = null;
  #askings = 0;
  #closed = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly account: string, private readonly tooLong: () => string) {}

  /** Asks for a report, or goes on with the one that was asked for. */
  async read(): Promise<void> {
    this.phase = "waiting";
    this.error = null;
    this.#askings = 0;
    await this.#ask();
  }

  async #ask(): Promise<void> {
    this.#askings += 1;
    try {
      if (this.#askings > ASKINGS_MAX) throw new Error(this.tooLong());
      const { ticket, again_in_seconds, listings, total, seen } = await call("listing_elsewhere", { account: this.account, ticket: this.#ticket });
      if (this.#closed) return;
      this.#ticket = ticket;
      if (again_in_seconds !== null) {
        this.#timer = setTimeout(() => void this.#ask(), Math.max(EVERY_MS_MIN, again_in_seconds * 1_000));
        return;
      }
      this.listings = listingsOf(listings);
      this.more = total - listings.length;
      this.seen = seen;
      this.phase = "there";
    } catch (error) {
      // A report that failed fails each time that it is read.
      if (!mayCome(error)) this.#ticket = null;
      this.error = error;
    }
  }

  /** Takes listings over, some hundred at a time. What was answered before a failure stays told. */
  async take(ids: readonly string[]): Promise<void> {
    if (this.phase !== "there" || ids.length === 0) return;
    this.phase = "taking";
    this.error = null;
    this.asked = ids.length;
    try {
      while (this.answered < ids.length && !this.#closed && !this.stopping) {
        const some = ids.slice(this.answered, this.answered + TAKEN_MAX);
        const { listings } = await call("listing_take_over", { account: this.account, listing_ids: some, understood: true });
        this.taken = [...this.taken, ...listings];
        this.answered += some.length;
      }
    } catch (error) {
      this.error = error;
    } finally {
      this.phase = this.taken.length > 0 ? "done" : "there";
    }
  }

  /** How many are taken over. */
  get done(): number {
    return this.taken.filter(({ problem }) => problem === null).length;
  }

  /** Those that were not, with why. */
  get refused(): TakenOverView[] {
    return this.taken.filter(({ problem }) => problem !== null);
  }

  /** What is being taken over is ended after the request under way; that is told then. */
  stop(): void {
    this.stopping = true;
  }

  /** Those that were chosen and not asked for, after a stop or a failure. */
  get left(): number {
    return this.phase === "done" ? this.asked - this.answered : 0;
  }

  /** Asks no more. What is being taken over is ended after the request under way. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }
}
