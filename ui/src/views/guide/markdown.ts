/** The small part of Markdown that the guide is written in, as a tree: no markup passes through. */

export type Inline =
  | { kind: "text" | "strong" | "code" | "key"; text: string }
  | { kind: "link"; text: string; to: string };

export type Block =
  | { kind: "heading"; level: 1 | 2 | 3; id: string; text: string }
  | { kind: "paragraph"; parts: Inline[] }
  | { kind: "list"; ordered: boolean; items: Inline[][] }
  | { kind: "table"; head: Inline[][]; rows: Inline[][][] };

/** `**strong**`, `` `code` ``, `[[Ctrl K]]` for keys, `[words](address)`. */
const INLINE = /\*\*(.+?)\*\*|`([^`]+)`|\[\[(.+?)\]\]|\[([^\]]+)\]\(([^)\s]+)\)/g;

export function inline(text: string): Inline[] {
  const parts: Inline[] = [];
  let from = 0;
  for (const found of text.matchAll(INLINE)) {
    if (found.index > from) parts.push({ kind: "text", text: text.slice(from, found.index) });
    const [all, strong, code, key, words, to] = found;
    if (strong !== undefined) parts.push({ kind: "strong", text: strong });
    else if (code !== undefined) parts.push({ kind: "code", text: code });
    else if (key !== undefined) parts.push({ kind: "key", text: key });
    else parts.push({ kind: "link", text: words ?? "", to: to ?? "" });
    from = found.index + all.length;
  }
  if (from < text.length) parts.push({ kind: "text", text: text.slice(from) });
  return parts;
}

/** A heading's address: its letters and digits, joined by dashes. */
export function anchor(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "");
}

function cells(line: string): string[] {
  return line.replace(/^\||\|$/g, "").split("|").map((cell) => cell.trim());
}

const ITEM = /^(?:[-*]|\d+\.)\s+/;

/** Reads a page. Lines of one paragraph are joined, blank lines end what went before. */
export function parseGuide(source: string): Block[] {
  const lines = source.replace(/\r\n?/g, "\n").split("\n");
  const blocks: Block[] = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at] ?? "";
    const heading = /^(#{1,3})\s+(.*)$/.exec(line);
    if (line.trim() === "") {
      at += 1;
    } else if (heading) {
      const text = (heading[2] ?? "").trim();
      blocks.push({ kind: "heading", level: (heading[1] ?? "#").length as 1 | 2 | 3, id: anchor(text), text });
      at += 1;
    } else if (line.startsWith("|")) {
      const from = at;
      while ((lines[at] ?? "").startsWith("|")) at += 1;
      const [head = "", , ...rows] = lines.slice(from, at);
      blocks.push({ kind: "table", head: cells(head).map(inline), rows: rows.map((row) => cells(row).map(inline)) });
    } else if (ITEM.test(line)) {
      const items: string[] = [];
      while (at < lines.length && (lines[at] ?? "").trim() !== "") {
        const next = lines[at] ?? "";
        if (ITEM.test(next)) items.push(next.replace(ITEM, "").trim());
        else items.push(`${items.pop() ?? ""} ${next.trim()}`);
        at += 1;
      }
      blocks.push({ kind: "list", ordered: /^\d/.test(line), items: items.map(inline) });
    } else {
      const from = at;
      while ((lines[at] ?? "").trim() !== "" && !/^(#{1,3}\s|\|)/.test(lines[at] ?? "")) at += 1;
      blocks.push({ kind: "paragraph", parts: inline(lines.slice(from, at).map((one) => one.trim()).join(" ")) });
    }
  }
  return blocks;
}

/** Whether a page has every word of a text. */
export function hasWords(source: string, text: string): boolean {
  const plain = source.toLowerCase();
  return text.toLowerCase().split(/\s+/).filter(Boolean).every((word) => plain.includes(word));
}
