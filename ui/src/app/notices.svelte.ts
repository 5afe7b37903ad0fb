/** What is said to everybody: aloud to screen readers, and as notices that offer to undo. */

export interface Notice {
  id: number;
  text: string;
  tone: "plain" | "refused";
  /** What it tells of, by name: a newer notice of the same takes its place. */
  about?: readonly string[];
  /** Takes back what the notice tells of. */
  undo?: () => void;
  /** Ctrl Z does something else: what is taken back here is no edit of the catalogue. */
  undoByHand?: boolean;
  /** Another way on, such as "Look at the 28". */
  action?: { label: string; run: () => void };
}

/** Notices that are shown at once; the oldest goes. */
const SHOWN_MAX = 3;
/** How long a notice with nothing to decide stays. */
const STAYS_MS = 7_000;

let notices = $state.raw<readonly Notice[]>([]);
let polite = $state("");
let urgent = $state("");
let counted = 0;

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
export function notify(notice: Omit<Notice, "id" | "tone"> & { tone?: Notice["tone"] }): number {
  counted += 1;
  const shown: Notice = { tone: "plain", ...notice, id: counted };
  // The same again is one notice, at its newest place.
  const others = notices.filter(({ text, about }) => text !== shown.text && !about?.some((name) => shown.about?.includes(name)));
  notices = [...others, shown].slice(-SHOWN_MAX);
  say(shown.text);
  if (shown.tone === "plain") setTimeout(() => dismiss(shown.id), STAYS_MS);
  return shown.id;
}

/** Shows why something was not done, in the host's own words. */
export function notifyError(error: unknown): void {
  notify({ text: error instanceof Error ? error.message : String(error), tone: "refused" });
}

export function dismiss(id: number): void {
  notices = notices.filter((notice) => notice.id !== id);
}
