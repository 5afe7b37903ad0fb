//! Where the published contracts are known to be wrong or silent, each with its source in the
//! marketplace references. Nothing else is let through.

use super::documents::Operation;
use http::Method;
use serde_json::Value;

/// A place in a contract's file that holds a better schema than the published one.
#[derive(Debug)]
struct SchemaChange {
    file: &'static str,
    /// A JSON pointer; what it points into must exist.
    at: &'static str,
    schema: &'static str,
}

/// A query parameter that is used but not described.
#[derive(Debug)]
struct ExtraQuery {
    operation: &'static str,
    names: &'static [&'static str],
}

/// Errors that an operation answers with, though its list does not name them.
#[derive(Debug)]
struct ExtraErrors {
    operation: &'static str,
    numbers: &'static [i64],
}

/// An operation that exists but has no published contract.
#[derive(Debug)]
struct Outside {
    /// The beginning of the path.
    path: &'static str,
}

/// Which schema describes a feed's content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FeedSchema {
    File(&'static str),
    /// The feed exists; no schema of its present version is published.
    None,
    /// No reference knows the feed.
    Unknown,
}

/// The deviations of one marketplace.
#[derive(Debug)]
pub(super) struct Deviations {
    schema_changes: &'static [SchemaChange],
    extra_query: &'static [ExtraQuery],
    extra_errors: &'static [ExtraErrors],
    /// Operations whose next page is asked for with a ready-made query of the marketplace.
    cursor_queries: &'static [&'static str],
    outside: &'static [Outside],
    feeds: &'static [(&'static str, FeedSchema)],
    supplements: &'static [(&'static str, &'static str)],
}

const ASPECTS: &str =
    r#"{"type":"object","additionalProperties":{"type":"array","items":{"type":"string"}}}"#;

/// A form with one part, which is a file.
macro_rules! file_form {
    ($part:literal) => {
        concat!(
            r#"{"required":true,"content":{"multipart/form-data":{"schema":{"type":"object","#,
            r#""required":[""#,
            $part,
            r#""],"additionalProperties":false,"properties":{""#,
            $part,
            r#"":{"type":"string"}}}}}}"#,
        )
    };
}

pub(super) fn ebay() -> Deviations {
    Deviations {
        schema_changes: &[
            // ebay.md §6.2: aspects map a name to values; the contract types them as a string,
            // its own example is the map.
            SchemaChange {
                file: "sell_inventory_v1_oas3.json",
                at: "/components/schemas/Product/properties/aspects",
                schema: ASPECTS,
            },
            SchemaChange {
                file: "sell_inventory_v1_oas3.json",
                at: "/components/schemas/InventoryItemGroup/properties/aspects",
                schema: ASPECTS,
            },
            // ebay.md §6.8: the contract says in words alone that a form is sent.
            SchemaChange {
                file: "commerce_media_v1_beta_oas3.json",
                at: "/paths/~1image~1create_image_from_file/post/requestBody",
                schema: file_form!("image"),
            },
            // ebay.md §8.6: the same of a file for a dispute.
            SchemaChange {
                file: "sell_fulfillment_v1_oas3.json",
                at: concat!(
                    "/paths/~1payment_dispute~1{payment_dispute_id}~1upload_evidence_file",
                    "/post/requestBody"
                ),
                schema: file_form!("file"),
            },
            // ebay.md §10.1: a report comes as the bytes of a file; the contract types the stream
            // as an object.
            SchemaChange {
                file: "sell_feed_v1_oas3.json",
                at: "/components/schemas/StreamingOutput",
                schema: r#"{"type":"string"}"#,
            },
        ],
        extra_query: &[],
        extra_errors: EBAY_ERRORS,
        cursor_queries: &[],
        outside: &[
            // ebay.md §2.2.
            Outside {
                path: "/identity/v1/oauth2/token/",
            },
        ],
        feeds: &[],
        supplements: &[("ebay.md §2.2", EBAY_TOKEN)],
    }
}

const EBAY_ERRORS: &[ExtraErrors] = &[
    // ebay.md §12: this comes with a 404, too; the contract lists that without a number.
    ExtraErrors {
        operation: "GET /sell/inventory/v1/offer",
        numbers: &[25_713],
    },
    // ebay.md §12: an offer that exists is told with its id, in one call as in many.
    ExtraErrors {
        operation: "POST /sell/inventory/v1/bulk_create_offer",
        numbers: &[25_002],
    },
    // ebay.md §6.5 and §12: an entry may be of an unknown SKU.
    ExtraErrors {
        operation: "POST /sell/inventory/v1/bulk_update_price_quantity",
        numbers: &[25_702],
    },
    // The contract lists these numbers with 400, and a 404 or 409 of the same meaning without one.
    ExtraErrors {
        operation: "GET /sell/inventory/v1/inventory_item_group/{inventoryItemGroupKey}",
        numbers: &[25_705],
    },
    ExtraErrors {
        operation: "POST /sell/inventory/v1/location/{merchantLocationKey}",
        numbers: &[25_803],
    },
    ExtraErrors {
        operation: "GET /sell/fulfillment/v1/order/{orderId}",
        numbers: &[32_100],
    },
];

pub(super) fn walmart() -> Deviations {
    Deviations {
        schema_changes: WALMART_SCHEMAS,
        extra_query: &[
            // walmart.md §6.2: the filter works and is not in the contract.
            ExtraQuery {
                operation: "GET /v3/feeds",
                names: &["feedType"],
            },
            // walmart.md §5.2: newer identifiers and the form of the answer.
            ExtraQuery {
                operation: "GET /v3/items/walmart/search",
                names: &["ean", "isbn", "asin", "responseFormat"],
            },
            // walmart.md §5.3: product types are listed for a feed and its version.
            ExtraQuery {
                operation: "GET /v3/items/taxonomy",
                names: &["feedType", "version"],
            },
        ],
        extra_errors: &[],
        // walmart.md §7.1 and §8: `nextCursor` is a query to be appended as it is.
        cursor_queries: &[
            "GET /v3/orders",
            "GET /v3/orders/released",
            "GET /v3/returns",
        ],
        outside: &[
            // walmart.md §5.3, §6.3, §9, §10: newer than the published files.
            Outside {
                path: "/v3/items/spec",
            },
            Outside {
                path: "/v3/items/gtin-exemption/status",
            },
            Outside {
                path: "/v3/reports/schedules",
            },
            Outside {
                path: "/v3/wfs/inventory",
            },
        ],
        feeds: WALMART_FEEDS,
        supplements: &[],
    }
}

/// The whole order, as the answer to an acknowledgement holds it.
const WALMART_ORDER: &str = concat!(
    r#"{"type":"object","required":["order"],"properties":{"order":{"$ref":""#,
    "#/paths/~1v3~1orders~1{purchaseOrderId}~1acknowledge/post/responses/200",
    "/content/application~1json/schema/properties/order",
    r#""}}}"#,
);

const WALMART_SCHEMAS: &[SchemaChange] = &[
    // walmart.md §7.1: one order is answered as `{"order": …}`; the contract describes it bare.
    SchemaChange {
        file: "orders.json",
        at: concat!(
            "/paths/~1v3~1orders~1{purchaseOrderId}/get/responses/200",
            "/content/application~1json/schema"
        ),
        schema: WALMART_ORDER,
    },
    // walmart.md §6.3: the stored schema of this feed is older than the feed.
    SchemaChange {
        file: "MP_ITEM_MATCH_v4.json",
        at: "/properties/MPItemFeedHeader/properties/version",
        schema: r#"{"type":"string","pattern":"^4\\.[0-9]+$"}"#,
    },
    SchemaChange {
        file: "MP_ITEM_MATCH_v4.json",
        at: "/properties/MPItem/items/properties/Item/properties/condition",
        schema: r#"{"type":"string","minLength":1}"#,
    },
    SchemaChange {
        file: "MP_ITEM_MATCH_v4.json",
        at: "/properties/MPItem/items/properties/Item/properties/mainImageUrl",
        schema: r#"{"type":"string","minLength":1}"#,
    },
];

/// The feeds of walmart.md §6.1. Schemas of the versions 5.0 and 2.0 are handed out to sellers
/// only, so the content of those feeds is held to none.
const WALMART_FEEDS: &[(&str, FeedSchema)] = &[
    ("price", FeedSchema::File("PriceFeed.json")),
    ("inventory", FeedSchema::File("InventoryFeed.json")),
    ("MP_ITEM_MATCH", FeedSchema::File("MP_ITEM_MATCH_v4.json")),
    ("MP_ITEM", FeedSchema::None),
    ("MP_MAINTENANCE", FeedSchema::None),
    ("PRICE_AND_PROMOTION", FeedSchema::None),
    ("promo", FeedSchema::None),
    ("MP_INVENTORY", FeedSchema::None),
    ("lagtime", FeedSchema::None),
    ("RETIRE_ITEM", FeedSchema::None),
    ("DELETE_ITEM", FeedSchema::None),
    ("SKU_TEMPLATE_MAP", FeedSchema::None),
    ("SHIPPING_OVERRIDES", FeedSchema::None),
    ("RETURNS_OVERRIDES", FeedSchema::None),
];

pub(super) fn amazon() -> Deviations {
    Deviations {
        schema_changes: &[
            // amazon.md §7.5: a positive number, written as a text.
            SchemaChange {
                file: "ordersV0.json",
                at: "/definitions/PackageReferenceId",
                schema: r#"{"type":"string","pattern":"^[1-9][0-9]*$"}"#,
            },
        ],
        extra_query: &[],
        extra_errors: &[],
        cursor_queries: &[],
        outside: &[],
        feeds: &[],
        supplements: &[("amazon.md §2.1", AMAZON_TOKEN)],
    }
}

/// Newegg's contract is written from the reference as a whole: there is nothing to deviate from.
pub(super) fn newegg() -> Deviations {
    Deviations {
        schema_changes: &[],
        extra_query: &[],
        extra_errors: &[],
        cursor_queries: &[],
        outside: &[],
        feeds: &[],
        supplements: &[],
    }
}

impl Deviations {
    /// Puts the better schemas in the place of the published ones.
    ///
    /// Fails where the place is gone: then the file is newer, and the deviation to be looked at.
    pub(super) fn apply(&self, file: &str, document: &mut Value) -> Result<(), String> {
        for change in self
            .schema_changes
            .iter()
            .filter(|change| change.file == file)
        {
            let (parent, key) = change.at.rsplit_once('/').unwrap_or(("", change.at));
            let schema = serde_json::from_str(change.schema)
                .map_err(|error| format!("the deviation at {}: {error}", change.at))?;
            let place = document.pointer_mut(parent).and_then(Value::as_object_mut);
            let place = place.ok_or_else(|| format!("{file} has nothing at {parent} any more"))?;
            place.insert(key.to_owned(), schema);
        }
        Ok(())
    }

    /// Whether a query parameter that the contract does not name is known all the same.
    pub(super) fn query_allowed(
        &self,
        operation: &str,
        name: &str,
        query: &[(String, String)],
    ) -> bool {
        let extra = self
            .extra_query
            .iter()
            .any(|extra| extra.operation == operation && extra.names.contains(&name));
        let from_cursor = self.cursor_queries.contains(&operation)
            && query.iter().any(|(name, _)| name == "hasMoreElements");
        extra || from_cursor
    }

    /// Whether an error that an operation does not list is known of it all the same.
    pub(super) fn error_known(&self, operation: &str, number: i64) -> bool {
        let mut extra = self.extra_errors.iter();
        extra.any(|extra| extra.operation == operation && extra.numbers.contains(&number))
    }

    /// The name of an operation that exists without a published contract.
    pub(super) fn outside(&self, method: &Method, path: &str) -> Option<String> {
        let outside = self
            .outside
            .iter()
            .find(|outside| path.starts_with(outside.path))?;
        Some(format!("{method} {}", outside.path))
    }

    /// The type of a feed and the schema of its content, if the operation submits one.
    pub(super) fn feed(
        &self,
        operation: &Operation,
        query: &[(String, String)],
    ) -> Option<(String, FeedSchema)> {
        if self.feeds.is_empty() || operation.name != "POST /v3/feeds" {
            return None;
        }
        let (_, feed) = query.iter().find(|(name, _)| name == "feedType")?;
        let known = self.feeds.iter().find(|(name, _)| name == feed);
        Some((
            feed.clone(),
            known.map_or(FeedSchema::Unknown, |(_, schema)| *schema),
        ))
    }

    /// Contracts written from the references, for operations that have no published one.
    pub(super) fn supplements(&self) -> &'static [(&'static str, &'static str)] {
        self.supplements
    }
}

/// The token endpoint as ebay.md §2.2 and §2.3 describe it.
const EBAY_TOKEN: &str = r##"{
  "paths": {"/identity/v1/oauth2/token": {"post": {
    "parameters": [
      {"in": "header", "name": "Authorization", "required": true, "schema": {"type": "string"}},
      {"in": "header", "name": "Content-Type", "required": true, "schema": {"type": "string"}}
    ],
    "requestBody": {"required": true, "content": {"application/x-www-form-urlencoded": {"schema": {
      "type": "object",
      "required": ["grant_type"],
      "properties": {
        "grant_type": {"type": "string",
          "enum": ["authorization_code", "refresh_token", "client_credentials"]},
        "code": {"type": "string", "minLength": 1},
        "redirect_uri": {"type": "string", "minLength": 1},
        "refresh_token": {"type": "string", "minLength": 1},
        "scope": {"type": "string"}
      }
    }}}},
    "responses": {"200": {"content": {"application/json": {"schema": {
      "type": "object",
      "required": ["access_token", "expires_in", "token_type"],
      "properties": {
        "access_token": {"type": "string", "minLength": 1},
        "expires_in": {"type": "integer", "minimum": 1},
        "refresh_token": {"type": "string", "minLength": 1},
        "refresh_token_expires_in": {"type": "integer", "minimum": 1},
        "token_type": {"type": "string"}
      }
    }}}}}
  }}}
}"##;

/// The token endpoint as amazon.md §2.1 describes it.
const AMAZON_TOKEN: &str = r##"{
  "paths": {"/auth/o2/token": {"post": {
    "parameters": [
      {"in": "header", "name": "Content-Type", "required": true, "schema": {"type": "string"}}
    ],
    "requestBody": {"required": true, "content": {"application/x-www-form-urlencoded": {"schema": {
      "type": "object",
      "required": ["grant_type", "client_id", "client_secret"],
      "properties": {
        "grant_type": {"type": "string"},
        "client_id": {"type": "string", "minLength": 1},
        "client_secret": {"type": "string", "minLength": 1},
        "refresh_token": {"type": "string", "minLength": 1},
        "scope": {"type": "string", "minLength": 1},
        "code": {"type": "string", "minLength": 1},
        "redirect_uri": {"type": "string", "minLength": 1}
      },
      "oneOf": [
        {"required": ["refresh_token"], "properties": {
          "grant_type": {"const": "refresh_token"}, "scope": false, "code": false}},
        {"required": ["scope"], "properties": {
          "grant_type": {"const": "client_credentials"}, "refresh_token": false, "code": false}},
        {"required": ["code", "redirect_uri"], "properties": {
          "grant_type": {"const": "authorization_code"}, "refresh_token": false, "scope": false}}
      ]
    }}}},
    "responses": {"200": {"content": {"application/json": {"schema": {
      "type": "object",
      "required": ["access_token", "token_type", "expires_in"],
      "properties": {
        "access_token": {"type": "string", "minLength": 1, "maxLength": 2048},
        "token_type": {"type": "string", "enum": ["bearer"]},
        "expires_in": {"type": "integer", "minimum": 1},
        "refresh_token": {"type": "string", "minLength": 1},
        "scope": {"type": "string", "minLength": 1}
      }
    }}}}}
  }}}
}"##;
