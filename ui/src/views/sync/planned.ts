/** The lines of the plan as the address asks for them. */

import type { ChangeGroup, PlanRowsRequest, PlanState } from "$src/backend/bindings";
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
