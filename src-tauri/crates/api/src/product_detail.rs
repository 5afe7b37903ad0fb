//! One product from near: its ledger and its history page by page, and how it is listed at each
//! account with what the marketplace asks for.

use std::collections::BTreeMap;

use barrow_market::{AttributeRule, CategoryRules};
use barrow_model::{Attributes, Condition, MovementKind, OptionValue, Sku};
use barrow_store::{AdviceOf, CellState, Goods, ListingQuery, Reader, StoreError};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::api::{Api, PAGE_ROWS, sku};
use crate::error::Result;
use crate::listings::{ListingView, with_names};
use crate::products::EditView;
use crate::report::LISTED_MAX;

/// Asks for a page of what was written of a SKU.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct SkuPageRequest {
    /// Which SKU.
    pub sku: String,
    /// `next` of the page before.
    #[serde(default)]
    pub after: Option<i64>,
    /// Rows, at most 1000.
    #[serde(default)]
    pub limit: Option<usize>,
}

/// A page of a SKU's ledger, the last movement first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct StockLedgerResponse {
    /// The movements.
    pub movements: Vec<MovementView>,
    /// Where the next page begins; null at the end.
    pub next: Option<i64>,
}

/// A movement of stock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct MovementView {
    /// Its number.
    pub id: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// What it was.
    pub kind: MovementKind,
    /// Units more, negative for fewer.
    pub change: i64,
    /// Units on hand after it, over all locations.
    pub on_hand: i64,
    /// Where.
    pub location: String,
    /// Who caused it: `user`, `import:N`, `account:N`, `rule:N`.
    pub origin: String,
    /// Why, in the seller's words.
    pub reason: Option<String>,
    /// The order that it is of, as `ACCOUNT/ID`.
    pub order: Option<String>,
}

/// A page of a SKU's history, the last edit first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct HistoryResponse {
    /// The edits, those of its product too.
    pub edits: Vec<EditView>,
    /// Where the next page begins; null at the end.
    pub next: Option<i64>,
}

/// Asks how a SKU is listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ProductListingsRequest {
    /// Which SKU.
    pub sku: String,
}

/// How a SKU is listed, by account and site.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ProductListingsResponse {
    /// Its listings.
    pub listings: Vec<ListingDetail>,
    /// Accounts where it is not listed.
    pub not_listed: Vec<String>,
}

/// A listing with all that can be set of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ListingDetail {
    /// The listing.
    pub listing: ListingView,
    /// How it stands, in one word.
    pub state: CellState,
    /// What buyers would read as its title without one of its own.
    pub title: String,
    /// The longest title that the marketplace takes, in characters; null where it is not known.
    pub title_chars_max: Option<u64>,
    /// Attributes that it has or that the category knows, those that are demanded first.
    pub attributes: Vec<AttributeView>,
    /// Conditions that the category allows; empty where any is, or where that is not known.
    pub conditions: Vec<String>,
    /// Whether the rules of its category are known.
    pub rules_known: bool,
}

/// Where the values of an attribute come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum AttributeSource {
    /// The listing itself.
    Listing,
    /// An attribute of the product or the variant.
    Attribute,
    /// The product's brand.
    Brand,
    /// The variant's part number.
    PartNumber,
    /// An option of the variant.
    Option,
}

/// An attribute of a listing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct AttributeView {
    /// Its name.
    pub name: String,
    /// Its values; empty where it has none.
    pub values: Vec<String>,
    /// Where these come from; null where it has none.
    pub from: Option<AttributeSource>,
    /// Whether the category demands it.
    pub required: bool,
    /// The day from which the category will probably demand it; null where it does already, or
    /// where nothing is said.
    pub required_from: Option<String>,
    /// Whether only [`AttributeView::choices`] are allowed.
    pub closed: bool,
    /// Whether it takes several values.
    pub multiple: bool,
    /// Allowed or suggested values.
    pub choices: Vec<String>,
}

impl Api {
    /// A page of a SKU's ledger.
    pub async fn stock_ledger(&self, request: SkuPageRequest) -> Result<StockLedgerResponse> {
        let sku = sku(&request.sku)?;
        let limit = request.limit.unwrap_or(PAGE_ROWS).clamp(1, LISTED_MAX);
        let accounts = self.all_accounts().await?;
        self.on_store(move |store| {
            store.read(|db| {
                let id = db.sku_id(&sku)?;
                let locations = db.locations()?;
                let (rows, mut on_hand) = db.ledger_page(id, request.after, limit)?;
                let next = rows.last().filter(|_| rows.len() == limit).map(|row| row.0);
                let mut movements = Vec::with_capacity(rows.len());
                for (id, movement) in rows {
                    let place = locations.iter().find(|l| l.id == movement.location_id);
                    let order = movement.key.as_ref().map(|key| {
                        let account = accounts.iter().find(|a| a.id == key.account_id);
                        let name = account.map(|a| format!("{}/", a.name));
                        format!("{}{}", name.unwrap_or_default(), key.order_id)
                    });
                    movements.push(MovementView {
                        id,
                        at: movement.at,
                        kind: movement.kind,
                        change: movement.delta,
                        on_hand,
                        location: place.map(|l| l.name.clone()).unwrap_or_default(),
                        origin: movement.origin.to_string(),
                        reason: movement.reason,
                        order,
                    });
                    on_hand -= movement.delta;
                }
                Ok(StockLedgerResponse { movements, next })
            })
        })
        .await
    }

    /// A page of a SKU's history.
    pub async fn history(&self, request: SkuPageRequest) -> Result<HistoryResponse> {
        let sku = sku(&request.sku)?;
        let limit = request.limit.unwrap_or(PAGE_ROWS).clamp(1, LISTED_MAX);
        self.on_store(move |store| {
            store.read(|db| {
                let edits = db.edits_page(db.sku_id(&sku)?, request.after, limit)?;
                let next = edits.last().filter(|_| edits.len() == limit);
                Ok(HistoryResponse {
                    next: next.map(|edit| edit.id),
                    edits: edits.into_iter().map(EditView::from).collect(),
                })
            })
        })
        .await
    }

    /// How a SKU is listed at each account.
    pub async fn product_listings(
        &self,
        request: ProductListingsRequest,
    ) -> Result<ProductListingsResponse> {
        let sku = sku(&request.sku)?;
        let accounts = self.all_accounts().await?;
        let rows = self
            .on_store(move |store| store.read(|db| read_listings(db, &sku)))
            .await?;
        let listed: Vec<_> = rows
            .iter()
            .map(|row| row.named.row.listing.account_id)
            .collect();
        let not_listed = accounts.iter().filter(|a| !listed.contains(&a.id));
        let not_listed = not_listed.map(|account| account.name.clone()).collect();
        let mut listings = Vec::with_capacity(rows.len());
        for row in rows {
            let Some(account) = accounts
                .iter()
                .find(|a| a.id == row.named.row.listing.account_id)
            else {
                continue;
            };
            let of = AdviceOf {
                marketplace: account.marketplace.clone(),
                endpoint: account.endpoint.clone(),
                site: row.named.row.listing.site.clone(),
            };
            let rules = self.known_rules(of, &row).await?;
            let adapter = self.parts.adapters.adapter(account).await.ok();
            let title_chars_max = adapter.map(|a| a.capability().title_chars_max as u64);
            listings.push(ListingDetail {
                state: row.state,
                title: row.title.clone(),
                title_chars_max,
                attributes: attributes(&row, rules.as_ref()),
                conditions: rules
                    .as_ref()
                    .map(|r| r.conditions.clone())
                    .unwrap_or_default(),
                rules_known: rules.is_some(),
                listing: self.listing_view(&accounts, row.named),
            });
        }
        Ok(ProductListingsResponse {
            listings,
            not_listed,
        })
    }

    /// What was last heard of the rules of a listing's category, however long ago.
    async fn known_rules(&self, of: AdviceOf, row: &Listed) -> Result<Option<CategoryRules>> {
        let own = row.named.row.listing.overrides.category.clone();
        let Some(category) = own.or_else(|| row.named.row.category.clone()) else {
            return Ok(None);
        };
        let text = self
            .on_store(move |store| {
                store.read(|db| db.category_rules(&of, &category, DateTime::UNIX_EPOCH))
            })
            .await?;
        // Rules that another version wrote in another form are as good as none.
        let rules: Option<CategoryRules> = text.and_then(|text| serde_json::from_str(&text).ok());
        Ok(rules.filter(|rules| rules.replaced_by.is_none()))
    }
}

/// A listing as it was read, with what it sells.
struct Listed {
    named: crate::listings::Named,
    state: CellState,
    title: String,
    inherited: Inherited,
}

fn read_listings(db: &Reader<'_>, sku: &Sku) -> std::result::Result<Vec<Listed>, StoreError> {
    let id = db.sku_id(sku)?;
    let cells = db.cells(&[id])?;
    let rows = db.listings_page(&ListingQuery {
        account_id: None,
        state: None,
        sku_id: Some(id),
        after: None,
        limit: LISTED_MAX,
    })?;
    let ids: Vec<_> = rows.iter().map(|row| row.listing.id).collect();
    let mut goods: BTreeMap<_, _> = db
        .goods(&ids)?
        .into_iter()
        .map(|listed| (listed.row.listing.id, listed.goods))
        .collect();
    let mut listed = Vec::with_capacity(rows.len());
    for row in rows {
        let cell = cells.iter().find(|c| c.listing_id == row.listing.id);
        let goods = goods.remove(&row.listing.id);
        listed.push(Listed {
            state: cell.map_or(CellState::Pending, |cell| cell.state),
            title: goods.as_ref().map(|g| g.title.clone()).unwrap_or_default(),
            inherited: goods.map(inherited).unwrap_or_default(),
            named: with_names(db, row)?,
        });
    }
    Ok(listed)
}

fn inherited(goods: Goods) -> Inherited {
    Inherited {
        attributes: goods.attributes,
        brand: goods.brand,
        part_number: goods.mpn,
        options: goods.options,
        condition: goods.condition,
    }
}

fn attributes(row: &Listed, rules: Option<&CategoryRules>) -> Vec<AttributeView> {
    let own = &row.named.row.listing.overrides.attributes;
    let known = rules.map(|rules| rules.attributes.as_slice());
    let condition = row.inherited.condition.unwrap_or(Condition::New);
    let asked = known.unwrap_or_default().iter();
    let known: Vec<&AttributeRule> = asked.filter(|rule| rule.is_of(condition)).collect();
    let mut views: Vec<AttributeView> = known
        .iter()
        .map(|rule| attribute(row, &rule.name, Some(*rule)))
        .collect();
    let named = |name: &String| known.iter().any(|rule| rule.name == *name);
    let others = own.keys().chain(row.inherited.attributes.keys());
    let mut others: Vec<&String> = others.filter(|name| !named(name)).collect();
    others.sort();
    others.dedup();
    views.extend(others.into_iter().map(|name| attribute(row, name, None)));
    views.sort_by_key(|view| match (view.required, &view.required_from) {
        (true, _) => 0,
        (false, Some(_)) => 1,
        (false, None) => 2,
    });
    views
}

fn attribute(row: &Listed, name: &str, rule: Option<&AttributeRule>) -> AttributeView {
    let own = row.named.row.listing.overrides.attributes.get(name);
    let own = own.map(|values| (AttributeSource::Listing, values.clone()));
    let found = own.or_else(|| row.inherited.of(name));
    let (from, values) = found.map_or((None, Vec::new()), |(from, values)| (Some(from), values));
    AttributeView {
        name: name.to_owned(),
        values,
        from,
        required: rule.is_some_and(|rule| rule.required),
        required_from: rule
            .filter(|rule| !rule.required)
            .and_then(|rule| rule.required_from)
            .map(|day| day.to_string()),
        closed: rule.is_some_and(|rule| rule.closed),
        multiple: rule.is_some_and(|rule| rule.multiple),
        choices: rule.map(|rule| choices(row, rule)).unwrap_or_default(),
    }
}

/// The values of an attribute that go with what the listing says of others.
fn choices(row: &Listed, rule: &AttributeRule) -> Vec<String> {
    let own = &row.named.row.listing.overrides.attributes;
    let mut said: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for bound in &rule.bounds {
        let name = bound.attribute.as_str();
        let found = own.get(name).cloned();
        let found = found.or_else(|| row.inherited.of(name).map(|(_, values)| values));
        said.insert(name, found.unwrap_or_default());
    }
    let said = |name: &str| said.get(name).map(Vec::as_slice);
    let values = rule.values.iter();
    let open = values.filter(|value| rule.broken(value, said).is_empty());
    open.cloned().collect()
}

/// What a listing's attributes are where it says nothing itself.
#[derive(Default)]
struct Inherited {
    attributes: Attributes,
    brand: Option<String>,
    part_number: Option<String>,
    options: Vec<OptionValue>,
    condition: Option<Condition>,
}

impl Inherited {
    /// Adapters send brand, part number and options under the names that marketplaces have for
    /// them, whatever their case.
    fn of(&self, name: &str) -> Option<(AttributeSource, Vec<String>)> {
        let plain = |name: &str| {
            let letters = name.chars().filter(|letter| letter.is_alphanumeric());
            letters.collect::<String>().to_lowercase()
        };
        if let Some(values) = self.attributes.get(name) {
            return Some((AttributeSource::Attribute, values.clone()));
        }
        let wanted = plain(name);
        let option = self.options.iter().find(|one| plain(&one.name) == wanted);
        let (from, value) = match wanted.as_str() {
            "brand" => (AttributeSource::Brand, self.brand.as_ref()),
            "mpn" | "manufacturerpartnumber" => {
                (AttributeSource::PartNumber, self.part_number.as_ref())
            }
            _ => (AttributeSource::Option, option.map(|one| &one.value)),
        };
        value
            .filter(|value| !value.is_empty())
            .map(|value| (from, vec![value.clone()]))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use barrow_model::OptionValue;

    use super::{AttributeSource, Inherited};

    #[test]
    fn an_attribute_is_what_the_product_says_under_any_of_its_names() {
        let inherited = Inherited {
            attributes: BTreeMap::from([("Material".to_owned(), vec!["Oak".to_owned()])]),
            brand: Some("Acme".into()),
            part_number: Some("A-1".into()),
            options: vec![OptionValue {
                name: "Screen size".into(),
                value: "24 in".into(),
            }],
            condition: None,
        };
        let check = |name: &str, expected: Option<(AttributeSource, &str)>| {
            let expected = expected.map(|(from, value)| (from, vec![value.to_owned()]));
            assert_eq!(inherited.of(name), expected, "{name}");
        };
        check("Material", Some((AttributeSource::Attribute, "Oak")));
        check("brand", Some((AttributeSource::Brand, "Acme")));
        check("MPN", Some((AttributeSource::PartNumber, "A-1")));
        check(
            "manufacturerPartNumber",
            Some((AttributeSource::PartNumber, "A-1")),
        );
        check("screenSize", Some((AttributeSource::Option, "24 in")));
        check("Colour", None);
        assert_eq!(Inherited::default().of("Brand"), None);
    }
}
