//! One record as a row: each cell by its column's meaning, each mistake by its cell.

use std::borrow::Cow;

use barrow_model::{
    Attributes, CellIssue, CellIssueKind, Currency, Field, Gtin, Length, Money, OPTIONS_MAX, Row,
    RowImages, RowKind, Sku, SourceLine,
};

use crate::cells::{
    parse_category, parse_condition, parse_gtin, parse_images, parse_length, parse_parts,
    parse_tags, parse_weight,
};
use crate::columns::{read_text, split_list};
use crate::mapping::{AMOUNTS, LENGTHS, Plan};
use crate::number::{parse_count, parse_money};
use crate::records::Record;

/// Characters of a value that an issue shows.
pub(crate) const VALUE_CHARS_MAX: usize = 200;

/// A record being read.
#[derive(Debug)]
pub(crate) struct Reading<'a> {
    pub(crate) record: Record<'a>,
    pub(crate) plan: &'a Plan,
    pub(crate) issues: &'a mut Vec<CellIssue>,
    /// Whether a mistake refuses the row.
    pub(crate) refused: bool,
}

/// Names of the options of the product whose rows are being read: files name them on its first
/// row only.
#[derive(Debug, Default)]
pub(crate) struct OptionNames {
    handle: String,
    names: [Option<String>; OPTIONS_MAX],
}

/// A cell without outer blanks and without what guards it from spreadsheets; none if blank.
pub(crate) fn tidy(cell: Cow<'_, str>) -> Option<Cow<'_, str>> {
    match cell {
        Cow::Borrowed(text) => tidy_text(text).map(Cow::Borrowed),
        Cow::Owned(text) => tidy_text(&text).map(|text| Cow::Owned(text.to_owned())),
    }
}

fn tidy_text(text: &str) -> Option<&str> {
    let text = text.trim();
    // Spreadsheets are made to keep leading zeros by writing ="0123".
    let wrapped = text
        .strip_prefix("=\"")
        .and_then(|rest| rest.strip_suffix('"'));
    let text = match wrapped {
        Some(inner) => inner.trim(),
        None => read_text(text),
    };
    (!text.is_empty()).then_some(text)
}

impl<'a> Reading<'a> {
    /// The value of a cell; none if blank.
    pub(crate) fn cell(&self, column: usize) -> Option<Cow<'a, str>> {
        tidy(self.record.cell(column))
    }

    /// The value of a field; none if blank.
    pub(crate) fn text(&self, field: Field) -> Option<String> {
        let column = self.plan.field(field)?;
        self.cell(column).map(Cow::into_owned)
    }

    /// Refuses the row because of a cell, or as a whole.
    pub(crate) fn refuse(&mut self, column: Option<usize>, value: &str, kind: CellIssueKind) {
        self.refused = true;
        self.tell(column, value, kind, true);
    }

    /// Tells something about a cell.
    pub(crate) fn tell(
        &mut self,
        column: Option<usize>,
        value: &str,
        kind: CellIssueKind,
        refuses: bool,
    ) {
        let header = column.and_then(|index| self.plan.headers.get(index));
        self.issues.push(CellIssue {
            line: SourceLine(self.record.line),
            column: header.cloned(),
            value: value.chars().take(VALUE_CHARS_MAX).collect(),
            kind,
            refuses,
        });
    }

    /// A field through its parser.
    pub(crate) fn parsed<T>(
        &mut self,
        field: Field,
        parse: impl FnOnce(&str) -> Result<T, CellIssueKind>,
    ) -> Option<T> {
        let column = self.plan.field(field)?;
        let text = self.cell(column)?;
        match parse(&text) {
            Ok(value) => Some(value),
            Err(kind) => {
                self.refuse(Some(column), &text, kind);
                None
            }
        }
    }

    /// The row as the fields tell it, without what depends on the layout: options, and a SKU and
    /// handle where there is none.
    pub(crate) fn row(&mut self) -> Row {
        let plan = self.plan;
        let (numbers, weight) = (plan.numbers, plan.weight);
        self.check_currency();
        let parts = self.parsed(Field::Parts, parse_parts).unwrap_or_default();
        Row {
            line: SourceLine(self.record.line),
            kind: if parts.is_empty() {
                RowKind::Variant
            } else {
                RowKind::Kit
            },
            handle: self.text(Field::Handle).unwrap_or_default(),
            sku: self.parsed(Field::Sku, |text| {
                Sku::new(text).map_err(|_| CellIssueKind::SkuInvalid)
            }),
            sku_derived: false,
            title: self.text(Field::Title),
            description: self.text(Field::Description),
            brand: self.text(Field::Brand),
            category: self.parsed(Field::Category, |text| Ok(parse_category(text))),
            tags: self.parsed(Field::Tags, |text| Ok(parse_tags(text))),
            options: Vec::new(),
            gtin: self.gtin(),
            mpn: self.text(Field::Mpn),
            asin: self.text(Field::Asin),
            condition: self.parsed(Field::Condition, parse_condition),
            weight: self.parsed(Field::Weight, |text| parse_weight(text, weight, numbers)),
            length: self.length(0),
            width: self.length(1),
            height: self.length(2),
            cost: self.money(0),
            price: self.money(1),
            compare_at: self.money(2),
            quantity: self.quantity(),
            location: self.text(Field::Location),
            images: RowImages {
                product: self.parsed(Field::Images, parse_images).unwrap_or_default(),
                variant: self
                    .parsed(Field::VariantImages, parse_images)
                    .unwrap_or_default(),
            },
            attributes: self.attributes(&plan.attributes),
            variant_attributes: self.attributes(&plan.variant_attributes),
            parts,
        }
    }

    fn attributes(&self, columns: &[(usize, String)]) -> Attributes {
        let mut attributes = Attributes::new();
        for (column, name) in columns {
            let Some(cell) = self.cell(*column) else {
                continue;
            };
            let values = split_list(&cell, &['|']);
            if !values.is_empty() {
                attributes.insert(name.clone(), values);
            }
        }
        attributes
    }

    fn gtin(&mut self) -> Option<Gtin> {
        let column = self.plan.field(Field::Gtin)?;
        let text = self.cell(column)?;
        match parse_gtin(&text) {
            Ok(Some((gtin, repaired))) => {
                if repaired {
                    let taken_for = gtin.as_written();
                    let kind = CellIssueKind::GtinRepaired { taken_for };
                    self.tell(Some(column), &text, kind, false);
                }
                Some(gtin)
            }
            Ok(None) => None,
            Err(kind) => {
                self.refuse(Some(column), &text, kind);
                None
            }
        }
    }

    /// Stock that a shop has oversold is none, and told.
    fn quantity(&mut self) -> Option<i64> {
        let plan = self.plan;
        let column = plan.field(Field::Quantity)?;
        let text = self.cell(column)?;
        match parse_count(&text, plan.numbers) {
            Ok(count) => Some(count),
            Err(CellIssueKind::Negative) if plan.oversold => {
                self.tell(Some(column), &text, CellIssueKind::Negative, false);
                Some(0)
            }
            Err(kind) => {
                self.refuse(Some(column), &text, kind);
                None
            }
        }
    }

    fn length(&mut self, side: usize) -> Option<Length> {
        let (unit, numbers) = (self.plan.lengths[side], self.plan.numbers);
        self.parsed(LENGTHS[side], |text| parse_length(text, unit, numbers))
    }

    fn money(&mut self, amount: usize) -> Option<Money> {
        let (numbers, currency) = (self.plan.numbers, self.plan.currency);
        let of_column = self.plan.money[amount].unwrap_or(currency);
        self.parsed(AMOUNTS[amount], |text| {
            let money = parse_money(text, numbers, of_column)?;
            same_currency(of_column, currency)?;
            Ok(money)
        })
    }

    /// A row whose currency is not the catalogue's has no amount that could be taken over.
    fn check_currency(&mut self) {
        let currency = self.plan.currency;
        self.parsed(Field::Currency, |text| match Currency::parse(text) {
            Ok(found) => same_currency(found, currency),
            Err(_) => Err(expected(currency)),
        });
    }

    /// The options that the numbered columns and the columns of one option each give.
    pub(crate) fn options(
        &mut self,
        known: &mut OptionNames,
        handle: &str,
    ) -> Vec<(String, String)> {
        let plan = self.plan;
        if known.handle != handle {
            known.names = [None, None, None];
            known.handle.clear();
            known.handle.push_str(handle);
        }
        let mut options = Vec::new();
        for number in 0..OPTIONS_MAX {
            if let Some(name) = plan.option_names[number].and_then(|column| self.cell(column)) {
                known.names[number] = Some(name.into_owned());
            }
            if let Some(value) = plan.option_values[number].and_then(|column| self.cell(column)) {
                let name = known.names[number].clone();
                let name = name.unwrap_or_else(|| format!("Option {}", number + 1));
                options.push((name, value.into_owned()));
            }
        }
        for (column, name) in &plan.options {
            if let Some(value) = self.cell(*column) {
                options.push((name.clone(), value.into_owned()));
            }
        }
        self.check_options(&options);
        options
    }

    /// Refuses more options than a product can have.
    pub(crate) fn check_options(&mut self, options: &[(String, String)]) {
        if options.len() > OPTIONS_MAX {
            let names: Vec<&str> = options.iter().map(|(name, _)| name.as_str()).collect();
            self.refuse(None, &names.join(", "), CellIssueKind::TooManyOptions);
        }
    }
}

fn expected(currency: Currency) -> CellIssueKind {
    CellIssueKind::Currency {
        expected: currency.as_str().to_owned(),
    }
}

fn same_currency(found: Currency, wanted: Currency) -> Result<(), CellIssueKind> {
    if found == wanted {
        Ok(())
    } else {
        Err(expected(wanted))
    }
}
