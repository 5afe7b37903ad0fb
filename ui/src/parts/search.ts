/** Searches as they are typed. */

/** From so many letters on a word is found wherever it stands; shorter ones only at the beginning. */
const LETTERS_MIN = 3;

/** Whether a search looks only at how SKUs and titles begin. */
export function findsBeginnings(text: string | null | undefined): boolean {
  const words = (text ?? "").trim().split(/\s+/).filter((word) => word !== "");
  return words.length > 0 && words.every((word) => [...word].length < LETTERS_MIN);
}
