/** Where columns, rows and groups stand. Pure, in pixels. */

export interface ColumnShape {
  id: string;
  /** In rem, so that larger text makes wider columns. */
  width: number;
  /** Shares of the room that is left; 0 keeps the width. */
  flex?: number;
  /** In rem, what flex widens it to at most: an identifier has no use for more. */
  most?: number;
  /** When room is short, columns leave from the highest number on; without one they stay. */
  leaves?: number;
}

/** Which columns have room, and how wide each is. */
export function fitColumns(columns: readonly ColumnShape[], available: number, rem: number): Map<string, number> {
  const shown = [...columns];
  const least = (column: ColumnShape) => column.width * rem;
  const sum = () => shown.reduce((total, column) => total + least(column), 0);
  while (sum() > available) {
    const next = shown.reduce<ColumnShape | null>(
      (worst, column) => ((column.leaves ?? 0) > (worst?.leaves ?? 0) ? column : worst),
      null,
    );
    if (next === null) break;
    shown.splice(shown.indexOf(next), 1);
  }
  // With nothing left to leave, all give way alike: what is cut has its dots, nothing is outside.
  const scale = Math.min(1, available / Math.max(1, sum()));
  if (scale < 1) return new Map(shown.map((column) => [column.id, Math.floor(least(column) * scale)]));
  const widened = widen(shown, Math.max(0, available - sum()), rem);
  return new Map(shown.map((column) => [column.id, Math.floor(least(column) + (widened.get(column.id) ?? 0))]));
}

/** Shares out the room that is left; what a column cannot take goes to the others. */
function widen(columns: readonly ColumnShape[], room: number, rem: number): Map<string, number> {
  const widened = new Map<string, number>();
  let sharing = columns.filter(({ flex }) => (flex ?? 0) > 0);
  let left = room;
  while (sharing.length > 0) {
    const shares = sharing.reduce((total, { flex }) => total + (flex ?? 0), 0);
    const share = ({ flex }: ColumnShape) => (left * (flex ?? 0)) / shares;
    const takes = ({ most, width }: ColumnShape) => Math.max(0, (most ?? Infinity) - width) * rem;
    const full = sharing.filter((column) => takes(column) < share(column));
    for (const column of full.length > 0 ? full : sharing) widened.set(column.id, Math.min(share(column), takes(column)));
    if (full.length === 0) break;
    left -= full.reduce((total, column) => total + takes(column), 0);
    sharing = sharing.filter((column) => !full.includes(column));
  }
  return widened;
}

/** Widths of signs, in parts of the type's size: never less than any face of the system has. */
const DIGIT = 0.66;
const POINT = 0.42;
const SIGN = 1.05;

/** Whether a number surely has room in so many sizes of its type; a long word has none. */
export function fits(text: string, room: number): boolean {
  let width = 0;
  for (const sign of text) {
    if (sign >= "0" && sign <= "9") width += DIGIT;
    else width += sign === "." || sign === "," || sign === " " ? POINT : SIGN;
  }
  return width <= room;
}

/** Of a column's width: its padding at most, and the size of the text of the day. */
const PADDING_REM = 1.25;
const TYPE_REM = 0.8125;

/** What a text may take of a column, in sizes of its type. */
export function roomOf(width: number, rem: number): number {
  return (width - PADDING_REM * rem) / (TYPE_REM * rem);
}

/** A line above rows: `at` is the index of the first row below it. */
export interface GroupLine {
  at: number;
  title: string;
  /** What the line tells of its rows: "18 orders, 3,418.74". */
  note?: string;
  /** What waits for a hand in it. */
  warm?: string;
}

/** A line of the list: a row of the source by its index, or a group. */
export type Line = { row: number } | { group: GroupLine };

/** Rows with group lines among them. Groups stand in the order of `at`. */
export class Lines {
  constructor(readonly rows: number, readonly groups: readonly GroupLine[] = []) {}

  get count(): number {
    return this.rows + this.groups.length;
  }

  /** What stands on a line. */
  at(line: number): Line {
    // The groups before a line are those whose own line (at + groups before them) is before it.
    let low = 0;
    let high = this.groups.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.groups[middle]?.at ?? 0) + middle < line) low = middle + 1;
      else high = middle;
    }
    const group = this.groups[low];
    if (group !== undefined && group.at + low === line) return { group };
    return { row: line - low };
  }

  /** On which line a row stands. */
  lineOf(row: number): number {
    let before = 0;
    for (const group of this.groups) {
      if (group.at > row) break;
      before += 1;
    }
    return row + before;
  }
}

/** The tallest element that the webviews take: WebKit counts in 64ths of a pixel in 32 bits. */
export const TALLEST_PX = 30_000_000;

/**
 * A list may be taller than an element can be. Its scrollbar then stands for a longer way: short
 * ways are walked pixel by pixel, long ones in proportion.
 */
export class ScrollSpace {
  #offset = 0;
  #top = 0;

  constructor(readonly content: number, readonly view: number, private readonly tallest = TALLEST_PX) {}

  /** The height of the element that is scrolled. */
  get height(): number {
    return Math.max(this.view, Math.min(this.content, this.tallest));
  }

  get #ratio(): number {
    const way = this.height - this.view;
    return way <= 0 ? 1 : Math.max(0, this.content - this.view) / way;
  }

  /** The place in the list for a place of the scrollbar. */
  place(scrollTop: number): number {
    const most = Math.max(0, this.content - this.view);
    if (this.content <= this.tallest) return Math.min(Math.max(0, scrollTop), most);
    const jumped = Math.abs(scrollTop - this.#top) > this.view * 2;
    if (jumped || scrollTop <= 0 || scrollTop >= this.height - this.view) {
      this.#offset = Math.round(scrollTop * (this.#ratio - 1));
    }
    this.#top = scrollTop;
    return Math.min(Math.max(0, scrollTop + this.#offset), most);
  }

  /** The place of the scrollbar for a place in the list. */
  scrollTop(place: number): number {
    const top = place / this.#ratio;
    if (this.content > this.tallest) {
      this.#offset = Math.round(place - top);
      this.#top = top;
    }
    return top;
  }
}

/** Rows of a list, from one to another. */
export interface Stretch {
  first: number;
  last: number;
}

/** The rows among so many lines; a group stands for the row below it. */
export function rowsAmong(lines: Lines, from: number, count: number): Stretch {
  const begin = lines.at(from);
  const end = lines.at(Math.min(from + count, lines.count) - 1);
  const first = Math.max(0, "row" in begin ? begin.row : begin.group.at);
  return { first, last: Math.max(first, "row" in end ? end.row : end.group.at) };
}

/** What the box in the head shows: nothing, some or all of what is found is chosen. */
export function choiceOf(count: number, total: number): "none" | "some" | "all" {
  if (count === 0) return "none";
  return count === total ? "all" : "some";
}
