/** F6 walks the regions of the window: side, top, list, panel. A region is an element with
 *  `data-region`; it remembers where the focus was in it. */

const inside = new WeakMap<HTMLElement, HTMLElement>();

const FOCUSABLE =
  'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), [tabindex]:not([tabindex="-1"])';

function visible(element: HTMLElement): boolean {
  return element.isConnected && element.getClientRects().length > 0;
}

function regions(root: ParentNode): HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>("[data-region]")].filter(visible);
}

/** The element of a region that takes the focus: where it was, what asks for it, the first. */
export function entryOf(region: HTMLElement): HTMLElement | null {
  const last = inside.get(region);
  if (last !== undefined && region.contains(last) && visible(last)) return last;
  const wishes = region.querySelector<HTMLElement>("[data-entry]");
  if (wishes !== null && visible(wishes)) return wishes;
  if (region.matches(FOCUSABLE)) return region;
  return [...region.querySelectorAll<HTMLElement>(FOCUSABLE)].find(visible) ?? null;
}

/** Remembers where the focus is in its region. */
export function noteFocus(event: FocusEvent): void {
  const target = event.target;
  if (!(target instanceof HTMLElement)) return;
  const region = target.closest<HTMLElement>("[data-region]");
  if (region !== null) inside.set(region, target);
}

/** Moves the focus to the next region, or the one before. */
export function walkRegions(step: 1 | -1, root: ParentNode = document): void {
  const all = regions(root);
  const active = document.activeElement;
  const here = active instanceof HTMLElement ? all.findIndex((one) => one.contains(active)) : -1;
  for (let tried = 1; tried <= all.length; tried += 1) {
    const from = here === -1 && step === -1 ? 0 : here;
    const next = all[(from + step * tried + all.length * 2) % all.length];
    const entry = next === undefined ? null : entryOf(next);
    if (entry !== null) return entry.focus();
  }
}

/** Puts the focus back where it was when the element goes: `{@attach returnFocus()}`. */
export function returnFocus(): (element: HTMLElement) => () => void {
  return () => {
    const before = document.activeElement;
    return () => {
      const lost = document.activeElement === null || document.activeElement === document.body;
      const home = before instanceof HTMLElement && visible(before) ? before : null;
      // Whoever closed it may have moved the focus on purpose; then it stays there.
      queueMicrotask(() => {
        if (lost || document.activeElement === document.body) home?.focus();
      });
    };
  };
}
