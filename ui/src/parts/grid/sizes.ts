/** How tall lines are in the density and the size of text that are set. */

export interface Sizes {
  /** In pixels, as is `head`. */
  line: number;
  head: number;
  /** What a rem is. */
  rem: number;
}

const LINE = 28;
const HEAD = 26;
const REM = 16;

/** Measures a probe of a line's height, which the head follows, as often as it changes. */
export function measured(probe: HTMLElement, tell: (sizes: Sizes) => void): () => void {
  const watch = new ResizeObserver(() => {
    const head = probe.nextElementSibling as HTMLElement | null;
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    tell({ line: probe.offsetHeight || LINE, head: head?.offsetHeight || HEAD, rem: rem || REM });
  });
  watch.observe(probe);
  return () => watch.disconnect();
}
