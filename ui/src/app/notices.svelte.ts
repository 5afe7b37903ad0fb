/** What is said to everybody: aloud to screen readers, and as notices that offer to undo. */

export interface Notice {
  id: number;
  /** When it was shown, in milliseconds since 1970. */
  at: number;
  text: string;
  tone: "plain" | "refused";
  /** What it tells of, by name: a newer notice of the same takes its place. */
  about?: readonly string[];
  /** Takes back what the notice tells of. */
  undo?: () => void;
  /** What is taken back is no edit of the catalogue: the host's own undo knows nothing of it. */
  undoByHand?: boolean;
  /** Another way on, such as "Look at the 28". */
  action?: { label: string; run: () => void };
}

/** Notices that are shown at once; the oldest goes. */
const SHOWN_MAX = 3;
/** How long a notice stays: one with nothing to decide, and one that offers something. */
const STAYS_MS = 7_000;
const OFFERS_MS = 20_000;

let notices = $state.raw<readonly Notice[]>([]);
let polite = $state("");
let urgent = $state("");
let counted = 0;
let looking = 0;
const timers = new Map<number, ReturnType<typeof setTimeout>>();

export const said = {
  get notices(): readonly Notice[] { return notices; },
  get polite(): string { return polite; },
  get urgent(): string { return urgent; },
};

/** Tells screen readers of progress or an edit, when they are idle. */
export function say(text: string): void {
  // The same text twice is only read twice if the region changed between.
  polite = text === polite ? `${text}\u00a0` : text;
}

/** Tells screen readers at once of a question that holds a push. */
export function ask(text: string): void {
  if (text !== urgent) urgent = text;
}

/** Shows a notice. What the row already shows needs none. */
export function notify(notice: Omit<Notice, "id" | "at" | "tone"> & { tone?: Notice["tone"] }): number {
  counted += 1;
  const shown: Notice = { tone: "plain", ...notice, id: counted, at: Date.now() };
  // The same again is one notice, at its newest place.
  const others = notices.filter(({ text, about }) => text !== shown.text && !about?.some((name) => shown.about?.includes(name)));
  notices = [...others, shown].slice(-SHOWN_MAX);
  say(shown.text);
  if (looking === 0) letGo(shown);
  return shown.id;
}

/** Shows why something was not done, in the host's own words. */
export function notifyError(error: unknown): void {
  notify({ text: error instanceof Error ? error.message : String(error), tone: "refused" });
}

function letGo({ id, tone, undo, action }: Notice): void {
  if (tone !== "plain") return;
  timers.set(id, setTimeout(() => dismiss(id), undo || action ? OFFERS_MS : STAYS_MS));
}

/** None goes while somebody is at them, by pointer or by key. Answers how to stop looking. */
export function lookAt(): () => void {
  looking += 1;
  timers.forEach((timer) => clearTimeout(timer));
  timers.clear();
  return () => {
    looking -= 1;
    if (looking === 0) notices.forEach(letGo);
  };
}

/** The newest that offers to take something back. */
export function newestUndo(): Notice | null {
  return notices.findLast(({ undo }) => undo !== undefined) ?? null;
}

export function dismiss(id: number): void {
  clearTimeout(timers.get(id));
  timers.delete(id);
  notices = notices.filter((notice) => notice.id !== id);
}
