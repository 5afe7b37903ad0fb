/** The packing check: what was scanned into a parcel, against what belongs into it. */

import type { PickRow } from "$src/backend/bindings";

export interface PackLine {
  sku: string;
  title: string;
  gtin: string | null;
  units: number;
  place: string;
  scanned: number;
}

export function packLines(rows: readonly PickRow[]): PackLine[] {
  return rows.map(({ product, units, places }) => ({
    sku: product.sku, title: product.title, gtin: product.gtin, units, place: places[0]?.location ?? "", scanned: 0,
  }));
}

/** Barcodes of one product differ by leading zeros. */
function isSame(code: string, line: PackLine): boolean {
  const bare = (text: string) => text.replace(/^0+/, "");
  if (code.toLowerCase() === line.sku.toLowerCase()) return true;
  return line.gtin !== null && /^\d{8,14}$/.test(code) && bare(code) === bare(line.gtin);
}

export type Scan = "taken" | "full" | "unknown";

/** Takes a scan: `full` where all units of it are in already, `unknown` where it does not belong. */
export function scanInto(lines: readonly PackLine[], code: string): { lines: PackLine[]; scan: Scan } {
  const at = lines.findIndex((line) => isSame(code.trim(), line));
  const found = lines[at];
  if (found === undefined) return { lines: [...lines], scan: "unknown" };
  if (found.scanned >= found.units) return { lines: [...lines], scan: "full" };
  return { lines: lines.map((line, row) => (row === at ? { ...line, scanned: line.scanned + 1 } : line)), scan: "taken" };
}

export function scannedUnits(lines: readonly PackLine[]): { scanned: number; units: number } {
  return lines.reduce((sum, line) => ({ scanned: sum.scanned + line.scanned, units: sum.units + line.units }), { scanned: 0, units: 0 });
}
