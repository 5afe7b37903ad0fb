/** The lines of the plan as the address asks for them. */

import type { ChangeGroup, PlanRowsRequest, PlanRowsResponse, PlanState } from "$src/backend/bindings";
import { split } from "$src/parts/filters";

import { GROUPS_IN_ORDER } from "./words";

const STATES: readonly PlanState[] = ["held", "refused", "wanted"];

export type PlanQuestion = Required<Pick<PlanRowsRequest, "search" | "accounts" | "groups" | "states">>;

/** What of the plan is shown; several values of one stand between bars, and unknown ones ask nothing. */
export function planQuestion({ account, kind, state, q }: Readonly<Record<string, string>>): PlanQuestion {
  const among = <T extends string>(known: readonly T[], values: string | undefined): T[] =>
    split(values ?? "").flatMap((value) => known.find((one) => one === value) ?? []);
  return {
    search: q?.trim() || null,
    accounts: split(account ?? ""),
    groups: among<ChangeGroup>(GROUPS_IN_ORDER, kind),
    states: among(STATES, state),
  };
}

/**
 * Pages of the plan whose totals are shown. A plan that another took the place of has no lines any
 * more: that is told once, and what was asked for is answered from the next.
 */
export class PlanPages {
  #waiting: { id: number | null; go: (id: number | null) => void }[] = [];
  #told: number | null = null;

  constructor(
    private readonly read: (request: PlanRowsRequest) => Promise<PlanRowsResponse>,
    private readonly gone: () => void,
  ) {}

  /** A page of a plan, or of the one that came after it. */
  async page(plan: number | null, request: Omit<PlanRowsRequest, "plan">): Promise<PlanRowsResponse> {
    let id = plan;
    for (;;) {
      const answer = await this.read({ ...request, plan: id });
      if (id === null || answer.plan === id) return answer;
      const next = this.#after(id);
      if (this.#told !== id) {
        this.#told = id;
        this.gone();
      }
      id = await next;
    }
  }

  /** Another plan is shown from now on. */
  next(id: number | null): void {
    const waiting = this.#waiting;
    this.#waiting = waiting.filter((one) => one.id === id);
    for (const one of waiting) if (one.id !== id) one.go(id);
  }

  #after(id: number): Promise<number | null> {
    return new Promise((go) => this.#waiting.push({ id, go }));
  }
}
