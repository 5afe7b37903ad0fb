/** The pages of the guide, in order: `ui/guide/LANGUAGE/NN-name.md`, English where none is. */

import { type Block, parseGuide } from "./markdown";

export interface GuidePage {
  id: string;
  title: string;
  source: string;
  blocks: Block[];
}

const files = import.meta.glob<string>("../../../guide/*/*.md", { query: "?raw", import: "default", eager: true });

/** Pages out of files by their path: the language's own, else English. */
export function pagesOf(all: Readonly<Record<string, string>>, locale: string): GuidePage[] {
  const of = (language: string) => Object.entries(all).flatMap(([path, source]) => {
    const [, folder, id] = /([^/]+)\/(?:\d+-)?([^/]+)\.md$/.exec(path) ?? [];
    return folder === language && id !== undefined ? [{ path: path.slice(path.lastIndexOf("/")), id, source }] : [];
  });
  const own = new Map(of(locale).map((page) => [page.id, page]));
  return of("en").sort((a, b) => (a.path < b.path ? -1 : 1)).map(({ id, source: english }) => {
    const source = own.get(id)?.source ?? english;
    const [first, ...rest] = parseGuide(source);
    const titled = first?.kind === "heading";
    return { id, source, title: titled ? first.text : id, blocks: titled ? rest : parseGuide(source) };
  });
}

export function guidePages(locale: string): GuidePage[] {
  return pagesOf(files, locale);
}
