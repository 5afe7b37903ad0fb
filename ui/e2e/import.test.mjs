/** Import: a file is chosen, its columns are named, what it would do is shown, then done or not. */

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before } from "node:test";
import { rm } from "node:fs/promises";

import { answerWith, cell, gone, press, reads, scene, stage, until } from "./scene.mjs";
import { freshFolder } from "./stand.mjs";
import { supplierFile } from "./states.mjs";
import { m } from "./words.mjs";

const on = stage();
let folder;
before(async () => (folder = await freshFolder()));
after(() => rm(folder, { recursive: true, force: true }));

const notices = (page) => page.getByRole("region", { name: m.frame_notices() });
const preview = (page) => page.getByRole("region", { name: m.import_preview() });
const apply = (page, count) => preview(page).getByRole("button", { name: m.import_apply_rows({ count: String(count) }) });
const ready = (page, count) => apply(page, count).and(page.locator(":enabled")).waitFor();

async function file(name, ...lines) {
  const path = join(folder, name);
  await writeFile(path, `${lines.join("\n")}\n`);
  return path;
}

const opened = (path) => `import?file=${encodeURIComponent(path)}`;

/** Chooses the use of a column. */
async function take(page, column, field) {
  await page.getByRole("combobox", { name: m.import_goes_to_of({ column }) }).click();
  await page.getByRole("option", { name: field, exact: true }).click();
}

scene(on, "a file is chosen; its rows are told apart before anything is changed", "import", async (page, host) => {
  const before = await host.call("products_count");
  const path = await supplierFile(host, folder);
  answerWith(page, path);
  await page.getByRole("region", { name: m.import_choose() }).getByRole("button").first().click();
  await ready(page, 3);
  const panel = preview(page);
  await reads(panel, m.import_cause_not_an_amount());
  await reads(panel, m.import_cause_not_a_number());
  await reads(panel, m.import_cause_sku_missing());
  const mapping = page.getByRole("region", { name: m.import_mapping() });
  await reads(mapping, m.import_columns_read({ read: "7", of: "7" }));
  assert.deepEqual(await host.call("products_count"), before, "a preview changes nothing");
});

scene(on, "a column is taken for something else, and the preview follows", async () => opened(await file(
  "prices.csv", "SKU,Title,Amount A,Amount B", "COL-1,Column one,10.00,7.00", "COL-2,Column two,11.00,8.00",
)), async (page) => {
  await ready(page, 2);
  await take(page, "Amount A", m.import_field_price());
  await take(page, "Amount B", m.import_field_cost());
  await reads(page.getByRole("region", { name: m.import_mapping() }), m.import_how_chosen());
  await ready(page, 2);
  await preview(page).getByRole("button", { name: m.import_all_rows() }).click();
  await reads(preview(page).getByRole("row"), "COL-2");
});

scene(on, "all of it is applied, stands in the catalogue, and is taken back whole", async () => opened(await file(
  "new.csv", "SKU,Title,Price,Quantity", "NEW-1,Brought in one,10.00,3", "NEW-2,Brought in two,11.00,4",
)), async (page, host) => {
  const before = await host.call("products_count");
  await ready(page, 2);
  await page.keyboard.press("Control+Enter");
  await reads(preview(page), m.import_applied_word());
  await reads(preview(page), m.import_figure_new());
  await until(async () => assert.equal((await host.call("products_count")).skus, before.skus + 2));
  await preview(page).getByRole("button", { name: m.import_to_products() }).click();
  await reads(await cell(page, "NEW-1", m.products_price()), "10.00");
  await page.goBack();
  await preview(page).getByRole("button", { name: m.import_take_back_dots() }).click();
  const { imports } = await host.call("imports");
  const panel = page.getByRole("complementary").filter({ hasText: "new.csv" });
  await panel.getByRole("button", { name: m.import_take_back_dots() }).click();
  await panel.getByRole("button", { name: m.import_take_back({ id: String(imports[0].id) }) }).click();
  await page.getByText(/Taken back: \d/).first().waitFor();
  await until(async () => assert.deepEqual(await host.call("products_count"), before));
});

scene(on, "rows that are left out are written to a file that can be mended", async (host) => opened(await supplierFile(host, folder)), async (page) => {
  await ready(page, 3);
  const out = join(folder, "left out.csv");
  answerWith(page, out);
  await preview(page).getByRole("button", { name: m.import_save_rows({ count: "3" }) }).click();
  await reads(notices(page), "left out.csv");
  const text = await readFile(out, "utf8");
  assert.match(text, /LAMP-3/);
  assert.doesNotMatch(text, /LAMP-1/);
});

scene(on, "columns are kept under a name, and known the next time", async () => opened(await file(
  "monthly.csv", "SKU,Bez,VK", "KEP-1,Kept one,10.00", "KEP-2,Kept two,11.00",
)), async (page, host, window) => {
  await take(page, "Bez", m.import_field_title());
  await take(page, "VK", m.import_field_price());
  await ready(page, 2);
  await preview(page).getByRole("button", { name: m.import_keep_as() }).click();
  const sheet = page.getByRole("dialog", { name: m.import_keep_title() });
  await sheet.getByRole("textbox").first().fill("Monthly");
  await sheet.getByRole("button", { name: m.import_keep_do() }).click();
  await gone(sheet);
  await press(window, "Control+Enter");
  await reads(preview(page), m.import_applied_kept({ name: "Monthly" }));
  const next = await file("monthly-2.csv", "SKU,Bez,VK", "KEP-1,Kept one,12.00");
  const { profile, columns } = await host.call("import_open", { file: next });
  assert.equal(profile, "Monthly");
  assert.deepEqual(columns.map(({ field }) => field), ["sku", "title", "price"]);
});

scene(on, "how a file is written is said where it was not recognised, and kept with its profile", async () => {
  const path = join(folder, "taipei.csv");
  await writeFile(path, Buffer.from("SKU|Title|Price\nBIG-1|\xb4\xfa\xb8\xd5|12.50\nBIG-2|\xb4\xfa\xb8\xd5|13.50\n", "latin1"));
  return opened(path);
}, async (page, host, window) => {
  await ready(page, 2);
  const mapping = page.getByRole("region", { name: m.import_mapping() });
  await mapping.getByRole("combobox", { name: m.import_fact_encoding() }).click();
  await page.getByRole("option", { name: m.import_encoding_traditional({ name: "Big5" }) }).click();
  await reads(mapping, "測試");
  await mapping.getByRole("combobox", { name: m.import_fact_delimiter() }).click();
  await page.getByRole("option", { name: m.import_delimiter_semicolon() }).click();
  await reads(mapping, "SKU|Title|Price");
  await mapping.getByRole("combobox", { name: m.import_fact_delimiter() }).click();
  await page.getByRole("option", { name: m.import_delimiter_bar() }).click();
  await reads(mapping, "測試");
  await ready(page, 2);
  await preview(page).getByRole("button", { name: m.import_keep_as() }).click();
  const sheet = page.getByRole("dialog", { name: m.import_keep_title() });
  await sheet.getByRole("textbox").first().fill("Taipei");
  await sheet.getByRole("button", { name: m.import_keep_do() }).click();
  await gone(sheet);
  await press(window, "Control+Enter");
  await reads(preview(page), m.import_applied_kept({ name: "Taipei" }));
  const { products } = await host.call("products", { search: "BIG-1", limit: 1 });
  assert.equal(products[0].title, "測試");
  const next = join(folder, "taipei-2.csv");
  await writeFile(next, Buffer.from("SKU|Title|Price\nBIG-3|\xb4\xfa\xb8\xd5|12.50\n", "latin1"));
  const { profile, form } = await host.call("import_open", { file: next });
  assert.deepEqual([profile, form], ["Taipei", { encoding: "big5", delimiter: "|", numbers: null }]);
});

scene(on, "a file that is not there is told of, and another can be chosen", opened("/nowhere/at-all.csv"), async (page) => {
  await reads(page.getByRole("main"), "at-all.csv");
  await page.getByRole("main").getByRole("button", { name: m.import_other_file() }).click();
  await page.getByRole("region", { name: m.import_choose() }).waitFor();
});
