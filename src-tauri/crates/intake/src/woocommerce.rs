//! WooCommerce's product export: simple products, and parents with their variations in any order.
//!
//! Source: WooCommerce documentation, "Product CSV Importer and Exporter".

use std::collections::{BTreeSet, HashMap};
use std::io::{self, Read};

use barrow_model::{Attributes, CellIssue, CellIssueKind, Field, Length, Row, RowKind, Weight};

use crate::cells::parse_category;
use crate::columns::{split_escaped, split_list, unescape};
use crate::derive::derived_sku;
use crate::mapping::{Plan, attribute_number};
use crate::names::normal;
use crate::number::parse_money;
use crate::reading::Reading;
use crate::records::{Event, Records};

/// The columns that only WooCommerce's rules read, and the parents of the file.
#[derive(Debug)]
pub(crate) struct WooCommerce {
    id: Option<usize>,
    kind: Option<usize>,
    parent: Option<usize>,
    in_stock: Option<usize>,
    short_description: Option<usize>,
    sale_price: Option<usize>,
    sale_starts: Option<usize>,
    sale_ends: Option<usize>,
    attributes: Vec<(usize, usize)>,
    parents: HashMap<String, Parent>,
    /// From a parent's id, as `id:123`, to its handle.
    handles: HashMap<String, String>,
}

/// What variations take from their parent.
#[derive(Debug, Default)]
struct Parent {
    options: BTreeSet<String>,
    weight: Option<Weight>,
    sides: [Option<Length>; 3],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Simple,
    Variable,
    Variation,
    Unsupported,
}

impl WooCommerce {
    pub(crate) fn new(plan: &Plan) -> Self {
        Self {
            id: plan.named("id"),
            kind: plan.named("type"),
            parent: plan.named("parent"),
            in_stock: plan.named("instock"),
            short_description: plan.named("shortdescription"),
            sale_price: plan.named("saleprice"),
            sale_starts: plan.named("datesalepricestarts"),
            sale_ends: plan.named("datesalepriceends"),
            attributes: attribute_columns(&plan.headers),
            parents: HashMap::new(),
            handles: HashMap::new(),
        }
    }

    /// Learns the parents from the whole file, because variations may come first and may name
    /// their parent by its id. Keeps a handle, the names of options and four measures of each.
    pub(crate) fn learn(
        &mut self,
        records: &mut Records<impl Read>,
        plan: &Plan,
    ) -> io::Result<()> {
        let mut wanted: Vec<(String, Vec<String>)> = Vec::new();
        let mut unheard: Vec<CellIssue> = Vec::new();
        while let Some(event) = records.next()? {
            let Event::Record(record) = event else {
                continue;
            };
            let mut reading = Reading {
                record,
                plan,
                issues: &mut unheard,
                refused: false,
            };
            match self.kind_of(&reading) {
                Kind::Variable => self.learn_parent(&mut reading),
                Kind::Variation => {
                    let parent = self.parent.and_then(|column| reading.cell(column));
                    let options = self.pairs(&reading);
                    let names = options.into_iter().map(|(name, _)| name).collect();
                    wanted.extend(parent.map(|parent| (parent.into_owned(), names)));
                    if wanted.len() >= 1000 {
                        self.note_options(&mut wanted);
                    }
                }
                Kind::Simple | Kind::Unsupported => {}
            }
            unheard.clear();
        }
        self.note_options(&mut wanted);
        self.resolve_ids();
        Ok(())
    }

    fn learn_parent(&mut self, reading: &mut Reading<'_>) {
        let row = reading.row();
        let handle = self.parent_handle(reading, &row);
        if let Some(id) = self.id_key(reading) {
            self.handles.insert(id, handle.clone());
        }
        let parent = self.parents.entry(handle).or_default();
        parent.weight = row.weight;
        parent.sides = [row.length, row.width, row.height];
    }

    fn note_options(&mut self, wanted: &mut Vec<(String, Vec<String>)>) {
        for (parent, names) in wanted.drain(..) {
            self.parents
                .entry(parent)
                .or_default()
                .options
                .extend(names);
        }
    }

    /// Variations that came before their parent named it by an id that is known only now.
    fn resolve_ids(&mut self) {
        for (id, handle) in &self.handles {
            if id != handle
                && let Some(by_id) = self.parents.remove(id)
            {
                let parent = self.parents.entry(handle.clone()).or_default();
                parent.options.extend(by_id.options);
            }
        }
    }

    fn id_key(&self, reading: &Reading<'_>) -> Option<String> {
        let id = self.id.and_then(|column| reading.cell(column))?;
        Some(format!("id:{id}"))
    }

    fn parent_handle(&self, reading: &Reading<'_>, row: &Row) -> String {
        let sku = row.sku.as_ref().map(|sku| sku.as_str().to_owned());
        sku.or_else(|| self.id_key(reading))
            .or_else(|| row.title.clone())
            .unwrap_or_default()
    }

    fn kind_of(&self, reading: &Reading<'_>) -> Kind {
        let Some(text) = self.kind.and_then(|column| reading.cell(column)) else {
            return Kind::Simple;
        };
        let mut kind = Kind::Unsupported;
        for word in text.split(',') {
            kind = match word.trim().to_ascii_lowercase().as_str() {
                "simple" => Kind::Simple,
                "variable" => Kind::Variable,
                "variation" => Kind::Variation,
                "downloadable" | "virtual" => kind,
                _ => return Kind::Unsupported,
            };
        }
        kind
    }

    pub(crate) fn read(&self, reading: &mut Reading<'_>) -> Row {
        let kind = self.kind_of(reading);
        let mut row = reading.row();
        self.read_content(reading, &mut row);
        match kind {
            Kind::Unsupported => {
                let found = self.kind.and_then(|column| reading.cell(column));
                let found = found.unwrap_or_default().into_owned();
                let issue = CellIssueKind::KindUnsupported {
                    found: found.clone(),
                };
                reading.refuse(self.kind, &found, issue);
            }
            Kind::Variable => self.read_parent(reading, &mut row),
            Kind::Variation => self.read_variation(reading, &mut row),
            Kind::Simple => self.read_simple(reading, &mut row),
        }
        row
    }

    fn read_content(&self, reading: &mut Reading<'_>, row: &mut Row) {
        if row.description.is_none() {
            let short = self
                .short_description
                .and_then(|column| reading.cell(column));
            row.description = short.map(|text| text.into_owned());
        }
        row.description = row.description.take().map(|text| line_breaks(&text));
        let categories = reading.plan.field(Field::Category);
        if let Some(text) = categories.and_then(|column| reading.cell(column)) {
            let first = split_escaped(&text, &[','])[0];
            row.category = Some(parse_category(&unescape(first, &[','])));
        }
        self.read_sale(reading, row);
        let sold_out = self.in_stock.and_then(|column| reading.cell(column));
        if row.quantity.is_none() && sold_out.is_some_and(|text| text == "0") {
            row.quantity = Some(0);
        }
    }

    /// A sale price without dates holds now; whether a dated one does would need a clock.
    fn read_sale(&self, reading: &mut Reading<'_>, row: &mut Row) {
        let blank =
            |column: Option<usize>| column.and_then(|column| reading.cell(column)).is_none();
        let undated = blank(self.sale_starts) && blank(self.sale_ends);
        let Some(column) = self.sale_price else {
            return;
        };
        let Some(text) = reading.cell(column) else {
            return;
        };
        match parse_money(&text, reading.plan.numbers, reading.plan.currency) {
            Ok(sale) if undated => {
                row.compare_at = row.price;
                row.price = Some(sale);
            }
            Ok(_) => {}
            Err(kind) => reading.refuse(Some(column), &text, kind),
        }
    }

    fn read_simple(&self, reading: &mut Reading<'_>, row: &mut Row) {
        row.attributes
            .extend(self.attributes(reading, &BTreeSet::new()));
        if row.sku.is_none() && !reading.refused {
            let title = row.title.as_deref().unwrap_or_default();
            let id = self.id.and_then(|column| reading.cell(column));
            row.sku = derived_sku(&[title, id.as_deref().unwrap_or_default()]);
            row.sku_derived = row.sku.is_some();
            if row.sku.is_none() {
                reading.refuse(None, "", CellIssueKind::SkuMissing);
            }
        }
        let sku = row.sku.as_ref();
        row.handle = sku.map(|sku| sku.as_str().to_owned()).unwrap_or_default();
    }

    fn read_parent(&self, reading: &mut Reading<'_>, row: &mut Row) {
        row.kind = RowKind::Product;
        row.handle = self.parent_handle(reading, row);
        row.sku = None;
        (row.price, row.compare_at, row.cost) = (None, None, None);
        (row.quantity, row.weight, row.gtin) = (None, None, None);
        (row.length, row.width, row.height) = (None, None, None);
        let none = BTreeSet::new();
        let parent = self.parents.get(&row.handle);
        let options = parent.map_or(&none, |parent| &parent.options);
        row.attributes.extend(self.attributes(reading, options));
    }

    fn read_variation(&self, reading: &mut Reading<'_>, row: &mut Row) {
        // The title, text and categories of a variation are the parent's.
        (row.title, row.description) = (None, None);
        row.images.variant.append(&mut row.images.product);
        let Some(name) = self.parent.and_then(|column| reading.cell(column)) else {
            return reading.refuse(self.parent, "", CellIssueKind::ParentMissing);
        };
        row.handle = match self.handles.get(name.as_ref()) {
            Some(handle) => handle.clone(),
            None => name.into_owned(),
        };
        row.options = self.pairs(reading);
        reading.check_options(&row.options);
        if let Some(parent) = self.parents.get(&row.handle) {
            row.weight = row.weight.or(parent.weight);
            row.length = row.length.or(parent.sides[0]);
            row.width = row.width.or(parent.sides[1]);
            row.height = row.height.or(parent.sides[2]);
        }
        if row.sku.is_none() && !reading.refused {
            let mut parts = vec![row.handle.as_str()];
            parts.extend(row.options.iter().map(|(_, value)| value.as_str()));
            row.sku = derived_sku(&parts);
            row.sku_derived = row.sku.is_some();
        }
    }

    /// Names of attributes with their cells, where both are given.
    fn pairs(&self, reading: &Reading<'_>) -> Vec<(String, String)> {
        let pair = |(name, values): &(usize, usize)| {
            let name = reading.cell(*name)?.into_owned();
            let value = reading.cell(*values)?;
            Some((name, unescape(&value, &[','])))
        };
        self.attributes.iter().filter_map(pair).collect()
    }

    fn attributes(&self, reading: &Reading<'_>, except: &BTreeSet<String>) -> Attributes {
        let mut attributes = Attributes::new();
        for (name, values) in &self.attributes {
            let (Some(name), Some(cell)) = (reading.cell(*name), reading.cell(*values)) else {
                continue;
            };
            if !except.contains(name.as_ref()) {
                attributes.insert(name.into_owned(), split_list(&cell, &[',']));
            }
        }
        attributes
    }

    /// Whether the row's product has a row of its own in the file.
    pub(crate) fn has_parent(&self, row: &Row) -> bool {
        row.kind == RowKind::Variant && self.parents.contains_key(&row.handle)
    }
}

fn attribute_columns(headers: &[String]) -> Vec<(usize, usize)> {
    let mut by_number: HashMap<u32, (Option<usize>, Option<usize>)> = HashMap::new();
    for (index, header) in headers.iter().enumerate() {
        if let Some((number, is_name)) = attribute_number(&normal(header)) {
            let entry = by_number.entry(number).or_default();
            if is_name {
                entry.0 = Some(index);
            } else {
                entry.1 = Some(index);
            }
        }
    }
    let mut numbers: Vec<u32> = by_number.keys().copied().collect();
    numbers.sort_unstable();
    let pair = |number: &u32| match by_number[number] {
        (Some(name), Some(values)) => Some((name, values)),
        _ => None,
    };
    numbers.iter().filter_map(pair).collect()
}

/// WooCommerce writes line breaks as `\n` and a backslash before `n` as `\\n`.
fn line_breaks(text: &str) -> String {
    text.replace("\\\\n", "\u{0}")
        .replace("\\n", "\n")
        .replace('\u{0}', "\\n")
}
