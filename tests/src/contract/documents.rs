//! Reads the contracts' files, only those that an exchange needs, and finds operations in them.

use super::body::Media;
use super::deviations::Deviations;
use super::schema::SchemaAt;
use super::{newegg, newegg_answers, newegg_requests, swagger};
use http::Method;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// One file of a contract.
#[derive(Debug)]
pub(super) struct Document {
    /// File name, such as `prices.json`.
    pub(super) name: String,
    pub(super) value: Value,
    /// Other files of the same folder that schemas may refer to.
    pub(super) folder: PathBuf,
}

/// The name under which what is made of Newegg's table is known.
pub(super) const NEWEGG: &str = "newegg.md";

/// The beginning of the paths that eBay describes nowhere (ebay.md §8.5).
const POST_ORDER: &str = "post-order/v2";

/// How a marketplace spreads its operations over files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layout {
    /// One file for each API; the file's name says the first two parts of the path.
    Ebay,
    /// Files by subject; one path may stand in several.
    Walmart,
    /// Swagger 2, one file for each version of an API.
    Amazon,
    /// A table of endpoints.
    Newegg,
}

/// The files of one marketplace, read when first needed.
#[derive(Debug)]
pub(super) struct Documents {
    layout: Layout,
    folder: PathBuf,
    loaded: BTreeMap<String, Arc<Document>>,
    /// The beginnings of paths whose files are loaded.
    covered: BTreeSet<String>,
    templates: Vec<Template>,
    /// Operations of which nothing but the path is published, and that unofficially.
    bare: Vec<(Method, String)>,
}

/// One operation's method and path template.
#[derive(Debug, Clone)]
struct Template {
    method: Method,
    segments: Vec<String>,
    path: String,
    document: Arc<Document>,
    pointer: String,
}

/// One operation of a contract.
#[derive(Debug, Clone)]
pub(super) struct Operation {
    /// Method and path template, such as `PUT /v3/price`.
    pub(super) name: String,
    document: Arc<Document>,
    pointer: String,
}

impl Documents {
    pub(super) fn ebay(folder: PathBuf) -> Documents {
        Documents::new(Layout::Ebay, folder)
    }

    pub(super) fn walmart(folder: PathBuf) -> Documents {
        Documents::new(Layout::Walmart, folder)
    }

    pub(super) fn amazon(folder: PathBuf) -> Documents {
        Documents::new(Layout::Amazon, folder)
    }

    pub(super) fn newegg(folder: PathBuf) -> Documents {
        Documents::new(Layout::Newegg, folder)
    }

    fn new(layout: Layout, folder: PathBuf) -> Documents {
        let (loaded, covered) = (BTreeMap::new(), BTreeSet::new());
        Documents {
            layout,
            folder,
            loaded,
            covered,
            templates: Vec::new(),
            bare: Vec::new(),
        }
    }

    /// Reads the files that may describe a path.
    pub(super) fn load_for(&mut self, path: &str, deviations: &Deviations) -> Result<(), String> {
        let start: Vec<&str> = path
            .trim_start_matches('/')
            .splitn(3, '/')
            .take(2)
            .collect();
        let start = start.join("/");
        if !self.covered.insert(start.clone()) {
            return Ok(());
        }
        for (name, text) in deviations.supplements() {
            self.add(name, text, deviations)?;
        }
        let folder = match self.layout {
            Layout::Ebay | Layout::Amazon => self.folder.clone(),
            Layout::Walmart => self.folder.join("openapi"),
            Layout::Newegg => return self.add_table(),
        };
        if self.layout == Layout::Ebay && start == POST_ORDER {
            self.add_bare(&folder.join("unofficial"))?;
        }
        for file in json_files(&folder)? {
            let name = file
                .file_name()
                .and_then(|n| n.to_str())
                .unwrap_or_default()
                .to_owned();
            if self.loaded.contains_key(&name) {
                continue;
            }
            match self.layout {
                Layout::Ebay if ebay_start(&name).as_deref() == Some(start.as_str()) => {
                    self.add(&name, &read(&file)?, deviations)?;
                }
                Layout::Ebay | Layout::Newegg => {}
                Layout::Walmart | Layout::Amazon => {
                    let text = read(&file)?;
                    if text.contains(&format!("\"/{start}")) {
                        self.add(&name, &text, deviations)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Adds the paths of unofficial descriptions, which describe no body.
    fn add_bare(&mut self, folder: &Path) -> Result<(), String> {
        for file in json_files(folder)? {
            let value: Value = serde_json::from_str(&read(&file)?)
                .map_err(|error| format!("{}: {error}", file.display()))?;
            for (path, methods) in value["paths"].as_object().into_iter().flatten() {
                let methods = methods.as_object().into_iter().flatten();
                let methods = methods.filter_map(|(method, _)| method_of(method));
                self.bare
                    .extend(methods.map(|method| (method, format!("/{POST_ORDER}{path}"))));
            }
        }
        Ok(())
    }

    /// The name of an operation of which only the path is described.
    pub(super) fn bare(&self, method: &Method, path: &str) -> Option<String> {
        let segments: Vec<&str> = path.split('/').collect();
        let fitting = self.bare.iter().filter_map(|(known, template)| {
            let parts: Vec<String> = template.split('/').map(str::to_owned).collect();
            let literal = literals(&parts, &segments).filter(|_| known == method)?;
            Some((literal, template))
        });
        let (_, template) = fitting.max_by_key(|(literal, _)| *literal)?;
        Some(format!("{method} {template}"))
    }

    fn add(&mut self, name: &str, text: &str, deviations: &Deviations) -> Result<(), String> {
        if self.loaded.contains_key(name) {
            return Ok(());
        }
        let document = parse(name, text, &self.folder, deviations)?;
        self.add_document(document);
        Ok(())
    }

    /// Adds what is made of Newegg's table.
    fn add_table(&mut self) -> Result<(), String> {
        if self.loaded.contains_key(NEWEGG) {
            return Ok(());
        }
        let mut value = newegg::document(&self.folder)?;
        value["feeds"] = newegg_requests::feeds();
        value["entries"] = newegg_answers::entries();
        self.add_document(Document {
            name: NEWEGG.to_owned(),
            value,
            folder: self.folder.clone(),
        });
        Ok(())
    }

    fn add_document(&mut self, document: Document) {
        let document = Arc::new(document);
        let name = document.name.clone();
        let base = base_path(&document.value);
        for (path, operations) in document.value["paths"].as_object().into_iter().flatten() {
            for method in operations
                .as_object()
                .into_iter()
                .flat_map(|map| map.keys())
            {
                let Some(method_name) = method_of(method) else {
                    continue;
                };
                let full = format!("{base}{}", path.split('?').next().unwrap_or(path));
                self.templates.push(Template {
                    method: method_name,
                    segments: full.split('/').map(str::to_owned).collect(),
                    path: full,
                    document: document.clone(),
                    pointer: format!("/paths/{}/{method}", escape(path)),
                });
            }
        }
        self.loaded.insert(name, document);
    }

    /// The operations that a path may mean: those of the most literal template.
    pub(super) fn find(&self, method: &Method, path: &str) -> Vec<Operation> {
        let segments: Vec<&str> = path.split('/').collect();
        let fitting: Vec<(usize, &Template)> = self
            .templates
            .iter()
            .filter(|template| template.method == *method)
            .filter_map(|template| Some((literals(&template.segments, &segments)?, template)))
            .collect();
        let most = fitting.iter().map(|(literal, _)| *literal).max();
        fitting
            .into_iter()
            .filter(|(literal, _)| Some(*literal) == most)
            .map(|(_, template)| Operation {
                name: format!("{} {}", template.method, template.path),
                document: template.document.clone(),
                pointer: template.pointer.clone(),
            })
            .collect()
    }

    /// A schema of a feed's content.
    pub(super) fn item_schema(
        &mut self,
        name: &str,
        deviations: &Deviations,
    ) -> Result<SchemaAt, String> {
        let folder = match self.layout {
            Layout::Amazon => self.folder.join("schemas/feeds"),
            _ => self.folder.join("item-schemas"),
        };
        let document = match self.loaded.get(name) {
            Some(document) => document.clone(),
            None => {
                let text = read(&folder.join(name))?;
                let document = Arc::new(parse(name, &text, &folder, deviations)?);
                self.loaded.insert(name.to_owned(), document.clone());
                document
            }
        };
        Ok(SchemaAt {
            document,
            pointer: String::new(),
        })
    }
}

/// Among operations of the same path, the one that the query speaks of.
///
/// Walmart describes `POST /v3/feeds` in eight files, told apart by the values of `feedType`, and
/// `PUT /v3/price` in two, told apart by `promo`.
pub(super) fn best(candidates: Vec<Operation>, query: &[(String, String)]) -> Option<Operation> {
    let score = |operation: &Operation| -> i32 {
        let mut score = 0;
        for parameter in operation.parameters("query") {
            let sent = query
                .iter()
                .find(|(name, _)| parameter["name"] == name.as_str());
            let schema = &parameter["schema"];
            score += match sent {
                None if parameter["required"] == true => -2,
                None => 0,
                Some((_, value))
                    if schema["enum"].as_array().is_some_and(|values| {
                        values.iter().any(|allowed| allowed == value.as_str())
                    }) =>
                {
                    2
                }
                Some((_, value)) if same_text(&schema["default"], value) => 2,
                Some(_) if !schema["enum"].is_null() => -2,
                Some(_) => 1,
            };
        }
        score
    };
    // The first of equals, so that the answer does not depend on the order of a map.
    candidates.into_iter().rev().max_by_key(score)
}

fn same_text(value: &Value, text: &str) -> bool {
    match value {
        Value::String(string) => string == text,
        Value::Bool(flag) => text == if *flag { "true" } else { "false" },
        _ => false,
    }
}

impl Operation {
    pub(super) fn value(&self) -> &Value {
        self.document
            .value
            .pointer(&self.pointer)
            .unwrap_or(&Value::Null)
    }

    /// Whether it is written from a reference alone, because no schema is published.
    pub(super) fn is_by_reference(&self) -> bool {
        self.document.name.contains(".md")
    }

    /// A schema that stands elsewhere in the operation's file.
    pub(super) fn beside(&self, pointer: String) -> SchemaAt {
        SchemaAt {
            document: self.document.clone(),
            pointer,
        }
    }

    pub(super) fn parameters(&self, place: &'static str) -> impl Iterator<Item = &Value> {
        let all = self.value()["parameters"].as_array().into_iter().flatten();
        all.filter(move |parameter| parameter["in"] == place)
    }

    pub(super) fn request_body(&self) -> Option<&Value> {
        self.value().get("requestBody")
    }

    pub(super) fn needs_bearer_token(&self) -> bool {
        self.value()["security"].as_array().is_some_and(|ways| {
            !ways.is_empty() && ways.iter().all(|way| way.get("api_auth").is_some())
        })
    }

    pub(super) fn documents_status(&self, status: u16) -> bool {
        let responses = &self.value()["responses"];
        !responses[status.to_string()].is_null() || !responses["default"].is_null()
    }

    pub(super) fn request_schema(&self, media: &Media) -> Option<SchemaAt> {
        self.schema_in(&format!("{}/requestBody", self.pointer), media)
    }

    /// The schema of a successful answer.
    ///
    /// eBay gives the body of a bulk call with 200 only; its 207 has the same one.
    pub(super) fn response_schema(&self, status: u16, media: &Media) -> Option<SchemaAt> {
        let own = self.schema_in(&format!("{}/responses/{status}", self.pointer), media);
        if own.is_some() || status != 207 {
            return own;
        }
        self.schema_in(&format!("{}/responses/200", self.pointer), media)
    }

    fn schema_in(&self, pointer: &str, media: &Media) -> Option<SchemaAt> {
        let content = self
            .document
            .value
            .pointer(pointer)?
            .get("content")?
            .as_object()?;
        let (name, described) = content
            .iter()
            .find(|(name, _)| media.is(name))
            .or_else(|| {
                // An answer without a type is read as JSON, as clients do.
                media
                    .name
                    .is_empty()
                    .then(|| content.iter().next())
                    .flatten()
            })?;
        described.get("schema")?;
        let pointer = format!("{pointer}/content/{}/schema", escape(name));
        Some(SchemaAt {
            document: self.document.clone(),
            pointer,
        })
    }
}

fn parse(
    name: &str,
    text: &str,
    folder: &Path,
    deviations: &Deviations,
) -> Result<Document, String> {
    let mut value: Value =
        serde_json::from_str(text).map_err(|error| format!("{name} is not JSON: {error}"))?;
    swagger::modernize(&mut value);
    deviations.apply(name, &mut value)?;
    Ok(Document {
        name: name.to_owned(),
        value,
        folder: folder.to_owned(),
    })
}

pub(super) fn read(file: &Path) -> Result<String, String> {
    std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))
}

pub(super) fn json_files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries =
        std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json")
        })
        .collect();
    files.sort();
    Ok(files)
}

/// `sell_inventory_v1_oas3.json` describes paths that begin with `sell/inventory`.
fn ebay_start(file: &str) -> Option<String> {
    let name = file.strip_suffix("_oas3.json")?;
    let (context, rest) = name.split_once('_')?;
    let (api, _) = rest.split_once("_v")?;
    Some(format!("{context}/{api}"))
}

fn base_path(document: &Value) -> String {
    let server = &document["servers"][0];
    let url = server["url"].as_str().unwrap_or_default();
    let base = server["variables"]["basePath"]["default"]
        .as_str()
        .unwrap_or_default();
    let url = url.replace("{basePath}", base);
    let after_scheme = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
    let path = after_scheme
        .find('/')
        .map_or("", |slash| &after_scheme[slash..]);
    path.trim_end_matches('/').to_owned()
}

fn method_of(key: &str) -> Option<Method> {
    let known = ["get", "put", "post", "delete", "patch", "head"];
    known
        .contains(&key)
        .then(|| Method::from_bytes(key.to_uppercase().as_bytes()).ok())
        .flatten()
}

/// The number of segments that are the same, or `None` if the path does not fit the template.
fn literals(template: &[String], path: &[&str]) -> Option<usize> {
    if template.len() != path.len() {
        return None;
    }
    let mut same = 0;
    for (wanted, given) in template.iter().zip(path) {
        if wanted == given {
            same += 1;
        } else if !(wanted.starts_with('{') && wanted.ends_with('}')) || given.is_empty() {
            return None;
        }
    }
    Some(same)
}

/// Escapes a key for a JSON pointer.
fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_file_says_its_paths() {
        let check = |file: &str, expected: Option<&str>| {
            assert_eq!(ebay_start(file).as_deref(), expected, "{file}");
        };
        check("sell_inventory_v1_oas3.json", Some("sell/inventory"));
        check(
            "developer_key_management_v1_oas3.json",
            Some("developer/key_management"),
        );
        check(
            "commerce_feedback_v1_beta_oas3.json",
            Some("commerce/feedback"),
        );
        check("notes.json", None);
    }

    #[test]
    fn a_template_fits_segment_by_segment() {
        let check = |template: &str, path: &str, expected: Option<usize>| {
            let template: Vec<String> = template.split('/').map(str::to_owned).collect();
            let path: Vec<&str> = path.split('/').collect();
            assert_eq!(
                literals(&template, &path),
                expected,
                "{template:?} {path:?}"
            );
        };
        check("/v3/orders", "/v3/orders", Some(3));
        check("/v3/orders/{id}", "/v3/orders/1", Some(3));
        check("/v3/orders/released", "/v3/orders/released", Some(4));
        check("/v3/orders/{id}", "/v3/orders/", None);
        check("/v3/orders/{id}", "/v3/orders/1/ship", None);
        check("/v3/orders", "/v3/items", None);
    }
}
