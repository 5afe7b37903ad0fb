import { describe, expect, it } from "vitest";

import { anchor, hasWords, inline, parseGuide } from "./markdown";
import { guidePages, pagesOf } from "./pages";

describe("words that stand out", () => {
  const check = (text: string, expected: object[]) => it(text, () => expect(inline(text)).toEqual(expected));
  check("plain", [{ kind: "text", text: "plain" }]);
  check("press [[Ctrl K]] or **Sync**", [{ kind: "text", text: "press " }, { kind: "key", text: "Ctrl K" }, { kind: "text", text: " or " }, { kind: "strong", text: "Sync" }]);
  check("[accounts](#/accounts), `SKU`", [{ kind: "link", text: "accounts", to: "#/accounts" }, { kind: "text", text: ", " }, { kind: "code", text: "SKU" }]);
  check("<b>no</b>", [{ kind: "text", text: "<b>no</b>" }]);
});

it("a page is read into headings, paragraphs, lists and tables", () => {
  const text = (of: string) => [{ kind: "text", text: of }];
  expect(parseGuide("# A\n\none\ntwo\n\n1. first\n   goes on\n2. second\n\n| K | D |\n|---|---|\n| x | y |\n\n## B c!\n- dot")).toEqual([
    { kind: "heading", level: 1, id: "a", text: "A" },
    { kind: "paragraph", parts: text("one two") },
    { kind: "list", ordered: true, items: [text("first goes on"), text("second")] },
    { kind: "table", head: [text("K"), text("D")], rows: [[text("x"), text("y")]] },
    { kind: "heading", level: 2, id: "b-c", text: "B c!" },
    { kind: "list", ordered: false, items: [text("dot")] },
  ]);
});

it("an address has no signs at its ends", () => expect(anchor("“Held”, then?")).toBe("held-then"));

it("a page that is not translated is shown in English", () => {
  const files = { "g/en/1-a.md": "# A", "g/en/2-b.md": "# B", "g/pt-BR/2-b.md": "# Bê" };
  expect(pagesOf(files, "pt-BR").map(({ id, title }) => [id, title])).toEqual([["a", "A"], ["b", "Bê"]]);
});

it("a page is found by all of its words", () => {
  expect([hasWords("Ship late orders", "late SHIP"), hasWords("Ship late orders", "ship soon")]).toEqual([true, false]);
});

describe("the guide itself", () => {
  const pages = guidePages("en");
  it("has its pages, each with a title of its own", () => {
    expect(new Set(pages.map(({ title }) => title)).size).toBe(pages.length);
    expect(pages.map(({ id }) => id)).toEqual(["first-steps", "day", "ebay", "amazon", "walmart", "newegg", "keyboard", "words"]);
  });
  it("leads only to places that there are", () => {
    const views = ["home", "products", "orders", "listings", "import", "sync", "accounts", "settings", "guide", "start"];
    const links = pages.flatMap(({ source }) => [...source.matchAll(/\]\(([^)]+)\)/g)].map(([, to = ""]) => to));
    const lost = links.filter((to) => !to.startsWith("https://") && !(/^#\/([a-z]+)(\/([a-z-]+))?$/.test(to) && views.includes(to.split("/")[1] ?? "")));
    expect(lost).toEqual([]);
    expect(links.filter((to) => to.startsWith("#/guide/")).every((to) => pages.some(({ id }) => to.endsWith(`/${id}`)))).toBe(true);
  });

  const shape = (page: (typeof pages)[number]) => page.blocks.map((block) =>
    block.kind === "list" ? `${block.kind} ${block.items.length}` : block.kind === "table" ? `${block.kind} ${block.rows.length}` : block.kind);
  const links = ({ source }: (typeof pages)[number]) => [...source.matchAll(/\]\(([^)]+)\)/g)].map(([, to]) => to).sort();
  it.each(["pt-BR", "zh-TW"])("says the same in %s", (locale) => {
    for (const [n, page] of guidePages(locale).entries()) {
      const english = pages[n]!;
      expect(page.source, page.id).not.toBe(english.source);
      expect(shape(page), page.id).toEqual(shape(english));
      expect(links(page), page.id).toEqual(links(english));
    }
  });
});
