/** A path as people paste it. */

/** Without the quotes that a system puts around a copied path, and without `file://`. */
export function typedPath(text: string): string {
  const bare = text.trim().replace(/^(["'])(.*)\1$/, "$2");
  if (!/^file:\/\//i.test(bare)) return bare;
  try {
    const path = decodeURIComponent(new URL(bare).pathname);
    // A drive of Windows stands behind a slash.
    return /^\/[a-z]:/i.test(path) ? path.slice(1) : path;
  } catch {
    return bare;
  }
}
