/** Keys as text: `Mod+K`, `Shift+F6`, `G H`. Mod is Ctrl, and Cmd on macOS. */

export const MAC = /Mac/.test(globalThis.navigator?.platform ?? "");

/** How a pressed key is written: modifiers in the order Mod, Alt, Shift. */
export function chordOf(event: KeyboardEvent, mac = MAC): string {
  const mod = mac ? event.metaKey : event.ctrlKey;
  let key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
  if (key === " ") key = "Space";
  // Shift is part of a sign such as ?, and stands beside letters and named keys.
  const shifted = event.shiftKey && (event.key.length > 1 || /[A-Z]/.test(key) || mod || event.key === " ");
  return `${mod ? "Mod+" : ""}${event.altKey ? "Alt+" : ""}${shifted ? "Shift+" : ""}${key}`;
}

/** Keys as a button's tip and the palette show them: `Ctrl K`, one entry for each step. */
export function keyCaps(keys: string, names: Record<string, string> = {}, mac = MAC): string[] {
  const shown: Record<string, string> = {
    Mod: mac ? "⌘" : "Ctrl", Alt: mac ? "⌥" : "Alt", Shift: mac ? "⇧" : "Shift",
    Escape: "Esc", ArrowUp: "↑", ArrowDown: "↓", ArrowLeft: "←", ArrowRight: "→",
    PageUp: "PgUp", PageDown: "PgDn", Delete: "Del", ...names,
  };
  return keys.split(" ").map((chord) =>
    chord.split(/\+(?!$)/).map((part) => shown[part] ?? part).join(" "),
  );
}

/** Keys in a sentence or a tip: `Ctrl Z`, `⌘ Z`. */
export function keyText(keys: string, names: Record<string, string> = {}, mac = MAC): string {
  return keyCaps(keys, names, mac).join(" ");
}

/** Whether a key press would write into what has the focus. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true;
  if (!(target instanceof HTMLInputElement)) return target instanceof HTMLSelectElement;
  return !["checkbox", "radio", "button", "submit", "range", "file"].includes(target.type);
}

/** Whether signs find something where the focus is: a choice is made by typing its name. */
export function findsByTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('[aria-haspopup="listbox"]');
}

/** A key that writes a sign, without Ctrl or Alt. */
export function isSign(event: KeyboardEvent): boolean {
  return event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey;
}

/** Follows sequences such as `G H`. */
export class Sequence {
  #first: string | null = null;
  #at = 0;

  /** `patience_ms`: how long the second key may take. */
  constructor(private readonly patience_ms = 1200) {}

  /** The names under which a chord may be bound now: after a first step, both together. */
  names(chord: string, at: number): string[] {
    const begun = this.#first !== null && at - this.#at <= this.patience_ms ? this.#first : null;
    this.#first = null;
    return begun === null ? [chord] : [`${begun} ${chord}`, chord];
  }

  /** Remembers a first step. */
  begin(chord: string, at: number): void {
    this.#first = chord;
    this.#at = at;
  }
}

/**
 * Tells a scanner from a hand: a scanner writes its signs within milliseconds and ends with Enter.
 * Signs are held for a moment, so that a scan sets off no single-key actions.
 */
export class Scanner {
  #signs = "";
  #last = 0;

  constructor(readonly gap_ms = 35, private readonly length_min = 4) {}

  /** A sign came. True when it belongs to a scan under way. */
  sign(sign: string, at: number): boolean {
    const follows = at - this.#last <= this.gap_ms;
    this.#signs = follows ? this.#signs + sign : sign;
    this.#last = at;
    return follows && this.#signs.length > 1;
  }

  /** Enter came. The scanned text, or null when a hand pressed it. */
  enter(at: number): string | null {
    const text = this.#signs;
    const quick = at - this.#last <= this.gap_ms * 2;
    this.#signs = "";
    return quick && text.length >= this.length_min ? text : null;
  }
}
