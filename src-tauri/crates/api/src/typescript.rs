//! The window's bindings: TypeScript for everything that crosses between the window and the
//! commands, written from the types themselves and from the table of commands.
//!
//! A command of the table appears by itself. A type that it names derives `ts_rs::TS` under the
//! feature `typescript`; the compiler says where that is missing.

use std::any::TypeId;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt::Write;

use barrow_model::ProblemKind;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use ts_rs::{Config, TS, TypeVisitor};

use crate::command::{COMMANDS, CacheTag, Command, shapes};
use crate::error::{ApiErrorKind, ErrorBody, NoTable, Why};
use crate::events::Event;
use crate::words::LOCALES;

/// Fields that a request may have at most, for the loop that finds those that it must have.
const FIELDS_MAX: usize = 200;

/// A request and response of the table, as TypeScript names them.
#[derive(Debug)]
pub(crate) struct Shape {
    request: String,
    response: String,
}

/// The bindings could not be written.
#[derive(Debug, thiserror::Error)]
pub enum BindingsError {
    /// Two types have one name.
    #[error("two types are called {0}; rename one of them with #[ts(rename = \"…\")]")]
    Ambiguous(String),
    /// No value was found that a field of a request accepts.
    #[error("{request}: {reason}")]
    Request {
        /// The request.
        request: String,
        /// What its reader said last.
        reason: String,
    },
}

/// Collects the types that the commands name, and those that these name.
pub(crate) struct Types {
    config: Config,
    seen: HashSet<TypeId>,
    declared: BTreeMap<String, String>,
    error: Option<BindingsError>,
}

impl TypeVisitor for Types {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        // Numbers, texts, lists have no file of their own: they need no declaration.
        if T::output_path().is_none() || !self.seen.insert(TypeId::of::<T>()) {
            return;
        }
        let name = T::ident(&self.config);
        let declaration = format!("{}export {}", docs::<T>(), T::decl(&self.config));
        if let Some(other) = self.declared.insert(name.clone(), declaration.clone())
            && other != declaration
        {
            self.error.get_or_insert(BindingsError::Ambiguous(name));
        }
        T::visit_dependencies(self);
    }
}

impl Types {
    fn new() -> Self {
        Self {
            // JSON has no other numbers, and all of ours stay below 2^53.
            config: Config::new().with_large_int("number"),
            seen: HashSet::new(),
            declared: BTreeMap::new(),
            error: None,
        }
    }

    /// Adds a line of the table. A request may leave out what its reader does not demand.
    pub(crate) fn command<Request, Response>(&mut self) -> Shape
    where
        Request: TS + DeserializeOwned + 'static,
        Response: TS + 'static,
    {
        self.visit::<Request>();
        Request::visit_generics(self);
        self.visit::<Response>();
        Response::visit_generics(self);
        let name = Request::name(&self.config);
        match demanded::<Request>(&name) {
            Ok(demanded) => {
                let given = Request::inline(&self.config);
                let asked = asked(&given, &demanded);
                let declaration = format!("{}export type {name} = {asked};", docs::<Request>());
                self.declared.insert(name.clone(), declaration);
            }
            Err(error) => {
                self.error.get_or_insert(error);
            }
        }
        Shape {
            request: name,
            response: Response::name(&self.config),
        }
    }
}

fn docs<T: TS + ?Sized>() -> String {
    T::docs().unwrap_or_default()
}

fn asked(given: &str, demanded: &BTreeSet<String>) -> String {
    let demanded: Vec<String> = demanded.iter().map(|name| format!("\"{name}\"")).collect();
    let demanded = match demanded.is_empty() {
        true => "never".to_owned(),
        false => demanded.join(" | "),
    };
    let given = match given.contains(':') {
        true => given,
        false => "object",
    };
    format!("Ask<{given}, {demanded}>")
}

/// The fields without which a request is not read: found by reading, so that they are what the
/// reader demands and not what somebody wrote down.
fn demanded<T: DeserializeOwned>(request: &str) -> Result<BTreeSet<String>, BindingsError> {
    let mut given = Map::new();
    let mut demanded = BTreeSet::new();
    for _ in 0..FIELDS_MAX {
        let Some(reason) = refusal::<T>(&given) else {
            return Ok(demanded);
        };
        let missing = missing_field(&reason).map(str::to_owned);
        let accepted = missing.as_ref().and_then(|field| {
            candidates()
                .into_iter()
                .find_map(|value| accept::<T>(&given, field, value))
        });
        let (Some(field), Some(value)) = (missing, accepted) else {
            let request = request.to_owned();
            return Err(BindingsError::Request { request, reason });
        };
        given.insert(field.clone(), value);
        demanded.insert(field);
    }
    Ok(demanded)
}

fn refusal<T: DeserializeOwned>(given: &Map<String, Value>) -> Option<String> {
    let read = serde_json::from_value::<T>(Value::Object(given.clone()));
    read.err().map(|error| error.to_string())
}

/// The value that a field accepts, tried with one: its own, or one of those that the reader names.
fn accept<T: DeserializeOwned>(
    given: &Map<String, Value>,
    field: &str,
    value: Value,
) -> Option<Value> {
    let with = |value: &Value| {
        let mut tried = given.clone();
        tried.insert(field.to_owned(), value.clone());
        refusal::<T>(&tried)
    };
    let moved_on = |reason: &Option<String>| match reason {
        None => true,
        Some(reason) => missing_field(reason).is_some_and(|missing| missing != field),
    };
    let reason = with(&value);
    if moved_on(&reason) {
        return Some(value);
    }
    // "unknown variant `x`, expected one of `a`, `b`"
    let named = reason?
        .split("expected")
        .nth(1)?
        .split('`')
        .nth(1)?
        .to_owned();
    let named = Value::String(named);
    moved_on(&with(&named)).then_some(named)
}

fn missing_field(reason: &str) -> Option<&str> {
    reason.strip_prefix("missing field `")?.split('`').next()
}

fn candidates() -> Vec<Value> {
    vec![
        json!("x"),
        json!(1),
        json!(true),
        json!([]),
        json!({}),
        json!("2026-01-01T00:00:00Z"),
        json!({"amount": "1", "currency": "USD"}),
    ]
}

/// All of `ui/src/backend/bindings.ts`.
pub fn bindings() -> Result<String, BindingsError> {
    let mut types = Types::new();
    let shapes = shapes(&mut types);
    types.visit::<CacheTag>();
    types.visit::<ProblemKind>();
    types.visit::<ApiErrorKind>();
    types.visit::<Why>();
    types.visit::<NoTable>();
    types.visit::<ErrorBody>();
    types.visit::<Event>();
    if let Some(error) = types.error {
        return Err(error);
    }
    let mut text = String::from(HEAD);
    for declaration in types.declared.values() {
        text.push_str(&laid_out(declaration));
        text.push_str("\n\n");
    }
    table(&mut text, &shapes);
    Ok(text)
}

/// The same with comments of one line on one line, and fields indented.
fn laid_out(declaration: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut depth = 0_usize;
    for raw in declaration.lines() {
        let raw = raw.trim_end();
        let is_comment = raw.starts_with("/*") || raw.starts_with(" *");
        if raw == " */" && lines.len() >= 2 && lines[lines.len() - 2].trim() == "/**" {
            let content = lines.pop().unwrap_or_default();
            let content = content
                .trim_start()
                .trim_start_matches('*')
                .trim()
                .to_owned();
            lines.pop();
            lines.push(format!("{}/** {content} */", "  ".repeat(depth)));
            continue;
        }
        lines.push(format!("{}{raw}", "  ".repeat(depth)));
        if !is_comment {
            depth += raw.matches('{').count();
            depth = depth.saturating_sub(raw.matches('}').count());
        }
    }
    lines.join("\n")
}

fn table(text: &mut String, shapes: &[Shape]) {
    text.push_str("/** Each command with what it is asked and what it answers. */\n");
    text.push_str("export interface Commands {\n");
    for (command, shape) in COMMANDS.iter().zip(shapes) {
        let run = if command.runs { " & Running" } else { "" };
        let Shape { request, response } = shape;
        line(
            text,
            format_args!(
                "  {}: {{ request: {request}{run}; response: {response} }};",
                command.name
            ),
        );
    }
    text.push_str("}\n\n/** What each command's answer depends on, and what it changes. */\n");
    text.push_str("export const COMMANDS = {\n");
    for command in COMMANDS {
        let Command { name, runs, .. } = command;
        let (reads, touches) = (tags(command.reads), tags(command.touches));
        line(
            text,
            format_args!("  {name}: {{ reads: [{reads}], touches: [{touches}], runs: {runs} }},"),
        );
    }
    text.push_str("} as const satisfies Record<keyof Commands, CommandFacts>;\n\n");
    text.push_str("/** Languages that there are words in. */\n");
    let locales: Vec<String> = LOCALES
        .iter()
        .map(|locale| format!("\"{locale}\""))
        .collect();
    line(
        text,
        format_args!("export const LOCALES = [{}] as const;", locales.join(", ")),
    );
}

fn tags(tags: &[CacheTag]) -> String {
    let code = |tag: &CacheTag| serde_json::to_string(tag).unwrap_or_default();
    tags.iter().map(code).collect::<Vec<_>>().join(", ")
}

fn line(text: &mut String, content: std::fmt::Arguments<'_>) {
    // Writing into a text cannot fail.
    writeln!(text, "{content}").ok();
}

const HEAD: &str = r#"// Written from the commands by `cargo xtask generate`. Do not edit.

/** A request: what is not demanded may be left out, and any may say in which language to answer. */
export type Ask<T, Demanded extends keyof T> = Pick<T, Demanded> &
  Partial<Omit<T, Demanded>> & { locale?: string };

/** A long command can be watched and stopped under a name of the asker's choice. */
export interface Running {
  run?: string;
}

/** What is known of a command. */
export interface CommandFacts {
  readonly reads: readonly CacheTag[];
  readonly touches: readonly CacheTag[];
  readonly runs: boolean;
}

"#;
