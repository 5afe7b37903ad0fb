//! What the demo tells: line by line to a person, one document to a program.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use barrow_api::{ImportResponse, OrderDocument};
use serde::Serialize;
use serde_json::Value;

use crate::demo::file::Imported;
use crate::orders::order_table;
use crate::output::{End, Failure, Output, Text};
use crate::report::counted;

/// Refusals that a person is shown for each account.
const SHOWN_MAX: usize = 10;

/// The document of a demo.
#[derive(Debug, Serialize)]
struct Document {
    accounts: Vec<AccountTold>,
    orders: Vec<OrderDocument>,
    folder: PathBuf,
    file: PathBuf,
    import: ImportTold,
    supplied: BTreeMap<String, String>,
    checks: Vec<CheckTold>,
}

#[derive(Debug, Default, Serialize)]
struct ImportTold {
    new: u64,
    refused: Vec<RowRefused>,
}

#[derive(Debug, Serialize)]
struct RowRefused {
    line: u64,
    reason: String,
}

/// An account at the end.
#[derive(Debug, Serialize)]
pub(super) struct AccountTold {
    pub(super) account: String,
    pub(super) marketplace: String,
    /// Listings that buyers can see.
    pub(super) live: usize,
    pub(super) refused: Vec<Refused>,
    /// Calls that the marketplace got, reads included.
    pub(super) calls: u64,
    /// Orders that were downloaded.
    pub(super) orders: usize,
}

/// A listing that did not come about.
#[derive(Debug, Serialize)]
pub(super) struct Refused {
    pub(super) sku: String,
    pub(super) reason: String,
}

/// Something that must hold at the end.
#[derive(Debug, Serialize)]
struct CheckTold {
    what: String,
    holds: bool,
    detail: Option<String>,
}

/// Tells as it goes on.
#[derive(Debug)]
pub(super) struct Tale {
    output: Output,
    document: Document,
    complete: bool,
}

impl Tale {
    pub(super) fn begin(output: Output, folder: &Path) -> Result<Self, Failure> {
        let tale = Self {
            output,
            document: Document {
                accounts: Vec::new(),
                orders: Vec::new(),
                folder: folder.to_owned(),
                file: PathBuf::new(),
                import: ImportTold::default(),
                supplied: BTreeMap::new(),
                checks: Vec::new(),
            },
            complete: true,
        };
        tale.say("A rehearsal on this computer: nothing is sold and nobody else is called.")?;
        tale.say(format!("Everything of it is in {}", folder.display()))?;
        Ok(tale)
    }

    /// Tells a person a line.
    pub(super) fn say(&self, line: impl Into<String>) -> Result<(), Failure> {
        self.print(&Text::new().line(line))
    }

    fn print(&self, text: &Text) -> Result<(), Failure> {
        if self.output.json {
            Ok(())
        } else {
            self.output.text(text)
        }
    }

    /// Something was not done: the demo ends as done in part.
    pub(super) fn in_part(&mut self) {
        self.complete = false;
    }

    pub(super) fn served(&self, ready: &Value) -> Result<(), Failure> {
        self.say("")?;
        for (name, at) in ready["marketplaces"].as_object().into_iter().flatten() {
            let endpoint = at["endpoint"].as_str().unwrap_or_default();
            self.say(format!(
                "A practice marketplace like {name} serves on {endpoint}."
            ))?;
        }
        Ok(())
    }

    pub(super) fn imported(&mut self, imported: Imported) -> Result<(), Failure> {
        let Imported {
            file,
            response,
            supplied,
        } = imported;
        self.say("")?;
        self.say(&response.summary)?;
        if !supplied.is_empty() {
            let list: Vec<String> = supplied
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            self.say(format!("supplied: {}", list.join(", ")))?;
            self.say("  (where the file leaves it blank; --default field=value says otherwise)")?;
        }
        self.document.import = import_told(&response);
        for row in self.document.import.refused.iter().take(SHOWN_MAX) {
            self.say(format!("  line {}: {}", row.line, row.reason))?;
        }
        if response.import.refused > 0 {
            self.in_part();
        }
        self.document.file = file;
        self.document.supplied = supplied;
        Ok(())
    }

    /// Tells whether something holds that must hold.
    pub(super) fn check(&mut self, what: &str, wrong: Option<String>) -> Result<(), Failure> {
        let holds = wrong.is_none();
        match &wrong {
            None => self.say(format!("  checked: {what}"))?,
            Some(detail) => self.say(format!("  NOT SO: {what}: {detail}"))?,
        }
        self.complete &= holds;
        self.document.checks.push(CheckTold {
            what: what.to_owned(),
            holds,
            detail: wrong,
        });
        Ok(())
    }

    pub(super) fn account(&mut self, account: AccountTold) -> Result<(), Failure> {
        let AccountTold {
            account: name,
            live,
            refused,
            calls,
            orders,
            ..
        } = &account;
        self.say(format!(
            "{name}: {} live, {} refused, {} in {}",
            live,
            refused.len(),
            counted(*orders as u64, "order", "orders"),
            counted(*calls, "call", "calls"),
        ))?;
        for item in refused.iter().take(SHOWN_MAX) {
            self.say(format!("  {}: {}", item.sku, item.reason))?;
        }
        if refused.len() > SHOWN_MAX {
            let more = refused.len() - SHOWN_MAX;
            self.say(format!("  … and {more} more; --json shows them all."))?;
        }
        self.complete &= refused.is_empty();
        self.document.accounts.push(account);
        Ok(())
    }

    pub(super) fn orders(&mut self, orders: Vec<OrderDocument>) -> Result<(), Failure> {
        self.print(
            &Text::new()
                .line("")
                .table(order_table(&orders), "No orders came."),
        )?;
        self.document.orders = orders;
        Ok(())
    }

    /// Prints the document, or what to try next.
    pub(super) fn end(self) -> Result<End, Failure> {
        if self.output.json {
            self.output.document(&self.document)?;
        } else {
            let folder = self.document.folder.display();
            self.say("")?;
            self.say(format!("Look around: barrow products --data {folder}"))?;
            self.say(format!("             barrow orders --data {folder}"))?;
        }
        Ok(End::complete(self.complete))
    }
}

fn import_told(response: &ImportResponse) -> ImportTold {
    let refused = response.refused.iter();
    ImportTold {
        new: response.import.new,
        refused: refused
            .map(|issue| RowRefused {
                line: issue.line,
                reason: issue.reason.clone(),
            })
            .collect(),
    }
}
