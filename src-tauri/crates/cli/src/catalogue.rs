//! `barrow import`, `imports`, `undo`, `products`, `set`, `image`, `stock`.

use std::sync::Arc;

use barrow_api::{
    Api, Cancel, ImportControl, ImportForm, ImportRequest, ImportResponse, ImportsRequest,
    IssueView, NamedValue, ProductImagesAddRequest, ProductView, ProductsRequest, SetRequest,
    StockRequest, UndoRequest,
};
use barrow_model::ImportId;

use crate::args::{ImageCommand, ImportArgs, ProductsArgs, StockArgs};
use crate::output::{End, Failure, Table, Text};
use crate::progress::Line;
use crate::session::Session;
use crate::{parse, report};

pub(crate) const FIELD_FORM: &str = "field=value, such as price=12.90";

/// Issues and changes that are shown one by one; `--json` shows the first thousand.
const SHOWN_MAX: usize = 20;

/// Products of a page where nothing is said: as many as one reads, or as a program takes.
const LIMIT_READ: usize = 50;
const LIMIT_TAKEN: usize = 1000;

pub(crate) async fn import(session: &Session, args: ImportArgs) -> Result<End, Failure> {
    let request = import_request(args)?;
    let host = session.open()?;
    let cancel = Cancel::default();
    let control = ImportControl {
        progress: Some(progress(Arc::clone(&session.line))),
        written: None,
        cancel: cancel.clone(),
    };
    let mut work = std::pin::pin!(host.api.import_watched(request, control));
    // An import that is stopped tidies up what it has staged: it is waited for.
    let done = tokio::select! {
        done = &mut work => done,
        () = session.stop.asked() => {
            cancel.cancel();
            work.await
        }
    };
    session.line.clear();
    let response = done?;
    session.output.answer(&response, import_text)?;
    Ok(End::complete(response.import.refused == 0))
}

fn import_request(args: ImportArgs) -> Result<ImportRequest, Failure> {
    let mut map = Vec::new();
    for text in &args.map {
        let (name, value) = parse::column(text)?;
        map.push(NamedValue { name, value });
    }
    let mut defaults = named(&args.defaults)?;
    if let Some(value) = args.currency {
        defaults.push(NamedValue {
            name: "currency".to_owned(),
            value,
        });
    }
    Ok(ImportRequest {
        file: args.file,
        profile: args.profile,
        map,
        defaults,
        form: ImportForm::named(args.encoding.as_deref(), args.delimiter)?,
        preview: args.preview,
        errors: args.errors,
        after: None,
    })
}

/// `field=value` arguments.
pub(crate) fn named(texts: &[String]) -> Result<Vec<NamedValue>, Failure> {
    let pairs = parse::pairs(texts, FIELD_FORM)?;
    Ok(pairs
        .into_iter()
        .map(|(name, value)| NamedValue { name, value })
        .collect())
}

/// Shows how much of the file is read.
pub(crate) fn progress(line: Arc<Line>) -> Arc<dyn Fn(barrow_api::ImportProgress) + Send + Sync> {
    Arc::new(move |progress| {
        let percent = progress.bytes_done.saturating_mul(100) / progress.bytes_total.max(1);
        line.show(&format!("Reading the file: {percent} %"));
    })
}

fn import_text(response: &ImportResponse) -> Text {
    let import = &response.import;
    let mut text = Text::new().line(&response.summary);
    if !import.defaults.is_empty() {
        let given: Vec<String> = import
            .defaults
            .iter()
            .map(|(field, value)| format!("{field}={value}"))
            .collect();
        text = text.line(format!("Blank cells were taken for: {}", given.join(", ")));
    }
    let ignored: Vec<&str> = import
        .mapping
        .iter()
        .filter(|column| column.field == "ignore")
        .map(|column| column.column.as_str())
        .collect();
    if !ignored.is_empty() {
        let words = format!(
            "Columns that are not read: {}. Say what one holds with --map \"Column=field\".",
            ignored.join(", ")
        );
        text = text.line(words);
    }
    if import.id.is_none() && !response.changes.is_empty() {
        text = text.line("").table(change_table(response), "");
        if response.changes.len() > SHOWN_MAX || response.next.is_some() {
            text = text.line("… and more; --json shows them.");
        }
    }
    text = issues(text, "Refused:", &response.refused, import.refused);
    text = issues(text, "Told:", &response.told, response.told.len() as u64);
    if let Some(path) = &response.errors_file {
        let words = format!(
            "Refused rows are in {}: correct and import them.",
            path.display()
        );
        text = text.line(words);
    }
    if let Some(id) = import.id {
        text = text.line(format!("Take it back with: barrow undo {id}"));
    }
    text
}

fn change_table(response: &ImportResponse) -> Table {
    let mut table = Table::new(&["line", "sku", "what would change"], 2).right(&[0]);
    for change in response.changes.iter().take(SHOWN_MAX) {
        let fields = change
            .fields
            .iter()
            .filter(|field| field.from != field.to)
            .map(|field| {
                let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "–".into());
                match &field.from {
                    None => format!("{} {}", field.field, shown(&field.to)),
                    from => format!("{} {} → {}", field.field, shown(from), shown(&field.to)),
                }
            });
        let fields: Vec<String> = fields.collect();
        let what = if fields.is_empty() {
            format!("new: {}", change.title.clone().unwrap_or_default())
        } else {
            fields.join("; ")
        };
        table.row([
            change.line.to_string(),
            change.sku.clone().unwrap_or_default(),
            what,
        ]);
    }
    table
}

fn issues(text: Text, title: &str, issues: &[IssueView], count: u64) -> Text {
    if issues.is_empty() {
        return text;
    }
    let mut text = text.line("").line(title);
    for issue in issues.iter().take(SHOWN_MAX) {
        let column = issue
            .column
            .as_ref()
            .map(|name| format!(", {name}"))
            .unwrap_or_default();
        text = text.line(format!("  line {}{column}: {}", issue.line, issue.reason));
    }
    if count > SHOWN_MAX as u64 {
        text = text.line("  … and more; --errors FILE writes all refused rows.");
    }
    text
}

pub(crate) async fn imports(session: &Session) -> Result<End, Failure> {
    session
        .with_api(async |api| {
            let response = api.imports(ImportsRequest {}).await?;
            session.output.answer(&response, |response| {
                let headers = [
                    "id", "when", "file", "new", "changed", "same", "refused", "undone",
                ];
                let mut table = Table::new(&headers, 2).right(&[0, 3, 4, 5, 6]);
                for import in &response.imports {
                    table.row([
                        import.id.to_string(),
                        import.at.format("%Y-%m-%d %H:%M").to_string(),
                        import.file.clone(),
                        import.new.to_string(),
                        import.changed.to_string(),
                        import.unchanged.to_string(),
                        import.refused.to_string(),
                        import.undone_at.map_or("", |_| "yes").to_owned(),
                    ]);
                }
                Text::new().table(table, "Nothing was imported yet.")
            })?;
            Ok(End::Done)
        })
        .await
}

pub(crate) async fn undo(session: &Session, id: i64) -> Result<End, Failure> {
    session
        .with_api(async |api| {
            let response = api.undo(UndoRequest { id: ImportId(id) }).await?;
            session.output.answer(&response, |response| {
                let count = report::counted(response.report.done, "value", "values");
                report::text(
                    &response.report,
                    format!("Import {id} is undone: {count} restored."),
                )
            })?;
            Ok(End::complete(response.report.is_complete()))
        })
        .await
}

pub(crate) async fn products(session: &Session, args: ProductsArgs) -> Result<End, Failure> {
    let default = if session.output.json {
        LIMIT_TAKEN
    } else {
        LIMIT_READ
    };
    let request = ProductsRequest {
        search: args.search,
        limit: Some(args.limit.map_or(default, |limit| limit as usize)),
        after: args.after,
        ..ProductsRequest::default()
    };
    session
        .with_api(async |api| {
            let response = api.products(request).await?;
            session.output.answer(&response, |response| {
                let mut text = Text::new().table(product_table(&response.products), NO_PRODUCTS);
                if let Some(next) = &response.next {
                    text = text.line(format!("More with: barrow products --after {next}"));
                }
                text
            })?;
            Ok(End::Done)
        })
        .await
}

const NO_PRODUCTS: &str = "There are no products here. Import a file with: barrow import FILE";

fn product_table(products: &[ProductView]) -> Table {
    let headers = ["sku", "title", "price", "on hand", "reserved", "available"];
    let mut table = Table::new(&headers, 1).right(&[2, 3, 4, 5]);
    for product in products {
        let options: Vec<&str> = product
            .options
            .iter()
            .map(|option| option.value.as_str())
            .collect();
        let title = match options.as_slice() {
            [] => product.title.clone(),
            options => format!("{} ({})", product.title, options.join(", ")),
        };
        table.row([
            product.sku.to_string(),
            title,
            product
                .price
                .map(|price| price.to_string())
                .unwrap_or_default(),
            product.on_hand.to_string(),
            product.reserved.to_string(),
            product.available.to_string(),
        ]);
    }
    table
}

pub(crate) async fn set(session: &Session, sku: String, fields: &[String]) -> Result<End, Failure> {
    let fields = parse::pairs(fields, FIELD_FORM)?;
    session
        .with_api(async |api| {
            let response = api
                .set(SetRequest {
                    sku,
                    fields,
                    expected: None,
                })
                .await?;
            session.output.answer(&response, |response| {
                let count = report::counted(response.report.done, "field", "fields");
                report::text(&response.report, format!("{}: {count} set.", response.sku))
            })?;
            Ok(End::complete(response.report.is_complete()))
        })
        .await
}

pub(crate) async fn image(session: &Session, command: ImageCommand) -> Result<End, Failure> {
    let ImageCommand::Add {
        sku,
        files,
        variant,
    } = command;
    let mut whole = Vec::with_capacity(files.len());
    for file in files {
        let path = std::path::absolute(&file);
        whole.push(path.map_err(|error| Failure::Usage(format!("{}: {error}", file.display())))?);
    }
    let request = ProductImagesAddRequest {
        sku,
        files: whole,
        variant,
    };
    session
        .with_api(async |api| {
            let response = api.product_images_add(request).await?;
            session.output.answer(&response, |response| {
                let count = report::counted(response.report.done, "image", "images");
                report::text(
                    &response.report,
                    format!("{}: {count} added.", response.sku),
                )
            })?;
            Ok(End::complete(response.report.is_complete()))
        })
        .await
}

pub(crate) async fn stock(session: &Session, args: StockArgs) -> Result<End, Failure> {
    let request = StockRequest {
        sku: args.sku,
        set: args.set,
        add: args.add,
        location: args.location,
        reason: args.reason,
    };
    session
        .with_api(async |api| stock_with(session, &api, request).await)
        .await
}

async fn stock_with(session: &Session, api: &Api, request: StockRequest) -> Result<End, Failure> {
    let response = api.stock(request).await?;
    session.output.answer(&response, |response| {
        let text = Text::new().line(format!(
            "{}: {} on hand ({:+}), {} reserved, {} available.",
            response.sku, response.on_hand, response.change, response.reserved, response.available
        ));
        match &response.new_location {
            Some(name) => text.line(format!("The location “{name}” is new.")),
            None => text,
        }
    })?;
    Ok(End::complete(response.report.is_complete()))
}
