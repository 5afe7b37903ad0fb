/** What a key does in a grid. Pure: the grid does what is answered. */

import { chordOf } from "$src/app/keys";

export interface GridPlace {
  /** -1 is the head. */
  line: number;
  column: number;
}

export type GridCommand =
  | { do: "move"; to: GridPlace; choose: boolean }
  | { do: "edit" }
  | { do: "type"; sign: string }
  | { do: "open" }
  | { do: "choose" }
  | { do: "chooseAll" }
  | { do: "clear" }
  | { do: "sort" }
  | { do: "resize"; by: number }
  | { do: "moveColumn"; by: number }
  | { do: "fillDown" }
  | { do: "explain" };

export interface GridShape {
  lines: number;
  columns: number;
  /** Lines of a page. */
  page: number;
  /** The cell takes numbers that are typed into it. */
  takesNumbers: boolean;
  editable: boolean;
  chosen: boolean;
}

/** The command of a key press; null where the grid has none for it. */
export function gridCommand(event: KeyboardEvent, at: GridPlace, shape: GridShape): GridCommand | null {
  const chord = chordOf(event);
  if (at.line < 0) {
    const inHead = headCommand(chord);
    if (inHead !== null) return inHead;
  }
  const moved = moveOf(chord, at, shape);
  if (moved !== null) {
    const line = Math.min(Math.max(-1, moved.line), shape.lines - 1);
    const column = Math.min(Math.max(0, moved.column), shape.columns - 1);
    return { do: "move", to: { line, column }, choose: chord === "Shift+ArrowDown" || chord === "Shift+ArrowUp" };
  }
  switch (chord) {
    case "F2": return shape.editable ? { do: "edit" } : null;
    case "Enter": return shape.editable ? { do: "edit" } : { do: "open" };
    case "Space": return { do: "open" };
    case "X": return { do: "choose" };
    case "Mod+A": return { do: "chooseAll" };
    case "Mod+D": return { do: "fillDown" };
    case "?": return { do: "explain" };
    case "Escape": return shape.chosen ? { do: "clear" } : null;
  }
  if (shape.editable && shape.takesNumbers && /^[0-9.,\-]$/.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey) {
    return { do: "type", sign: event.key };
  }
  return null;
}

function headCommand(chord: string): GridCommand | null {
  switch (chord) {
    case "Enter": return { do: "sort" };
    case "Space": return { do: "sort" };
    case "Shift+ArrowLeft": return { do: "resize", by: -1 };
    case "Shift+ArrowRight": return { do: "resize", by: 1 };
    case "Alt+ArrowLeft": return { do: "moveColumn", by: -1 };
    case "Alt+ArrowRight": return { do: "moveColumn", by: 1 };
    default: return null;
  }
}

function moveOf(chord: string, { line, column }: GridPlace, shape: GridShape): GridPlace | null {
  switch (chord) {
    case "ArrowDown": case "Shift+ArrowDown": return { line: line + 1, column };
    case "ArrowUp": case "Shift+ArrowUp": return { line: line - 1, column };
    case "ArrowRight": return { line, column: column + 1 };
    case "ArrowLeft": return { line, column: column - 1 };
    case "PageDown": return { line: line + shape.page, column };
    case "PageUp": return { line: Math.max(0, line - shape.page), column };
    case "Home": return { line: 0, column };
    case "End": return { line: shape.lines - 1, column };
    case "Mod+Home": return { line: 0, column: 0 };
    case "Mod+End": return { line: shape.lines - 1, column: shape.columns - 1 };
    // Tab walks the cells of a row and leaves the grid at its ends.
    case "Tab": return line >= 0 && column < shape.columns - 1 ? { line, column: column + 1 } : null;
    case "Shift+Tab": return line >= 0 && column > 0 ? { line, column: column - 1 } : null;
    default: return null;
  }
}
