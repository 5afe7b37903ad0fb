/** Opening a field of one's own from a problem beside it. */

/** Opens the field that is marked so within a panel: writable, with the cursor in it. Answers whether
 *  there is one. */
export function openOwn(panel: ParentNode, mark: string): boolean {
  const line = panel.querySelector<HTMLElement>(`[data-own="${CSS.escape(mark)}"]`);
  const field = line?.querySelector<HTMLInputElement | HTMLTextAreaElement | HTMLButtonElement>("input, textarea, button.field");
  if (!line || !field) return false;
  line.scrollIntoView({ block: "nearest" });
  if (!(field instanceof HTMLButtonElement) && field.readOnly) line.querySelector<HTMLButtonElement>("button.link")?.click();
  else field.focus();
  return true;
}
