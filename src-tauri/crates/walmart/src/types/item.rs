//! Items, stock, taxonomy and catalogue search (walmart.md §5, §6.5).

use barrow_wire::{Many, Scalar, or_default};
use serde::Deserialize;

use crate::types::order::Amount;

/// The answer of `GET /v3/items` and `GET /v3/items/{id}`.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct ItemsAnswer {
    #[serde(
        rename = "ItemResponse",
        alias = "responseRecord",
        alias = "itemResponse"
    )]
    pub(crate) items: Many<Item>,
    #[serde(rename = "totalItems")]
    pub(crate) total_items: Scalar,
    #[serde(rename = "nextCursor")]
    pub(crate) next_cursor: Scalar,
}

/// An item of the seller's.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Item {
    pub(crate) sku: Scalar,
    pub(crate) wpid: Scalar,
    pub(crate) upc: Scalar,
    pub(crate) gtin: Scalar,
    pub(crate) product_name: Scalar,
    pub(crate) product_type: Scalar,
    #[serde(deserialize_with = "or_default")]
    pub(crate) price: Amount,
    pub(crate) published_status: Scalar,
    pub(crate) lifecycle_status: Scalar,
    #[serde(deserialize_with = "or_default")]
    pub(crate) unpublished_reasons: Reasons,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Reasons {
    pub(crate) reason: Many<Scalar>,
}

/// The answer of `GET /v3/items/walmart/search`; only whether there is a hit matters.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct SearchAnswer {
    pub(crate) items: Many<serde::de::IgnoredAny>,
}

/// The answer of `GET /v3/inventory`.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct InventoryAnswer {
    #[serde(deserialize_with = "or_default")]
    pub(crate) quantity: Units,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Units {
    pub(crate) amount: Scalar,
}

/// The answer of `GET /v3/inventories`.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct InventoriesAnswer {
    #[serde(deserialize_with = "or_default")]
    pub(crate) meta: InventoriesMeta,
    #[serde(deserialize_with = "or_default")]
    pub(crate) elements: InventoriesElements,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct InventoriesMeta {
    pub(crate) next_cursor: Scalar,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct InventoriesElements {
    pub(crate) inventories: Many<SkuStock>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct SkuStock {
    pub(crate) sku: Scalar,
    pub(crate) nodes: Many<NodeStock>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct NodeStock {
    pub(crate) ship_node: Scalar,
    pub(crate) input_qty: Option<Units>,
    pub(crate) avail_to_sell_qty: Option<Units>,
}

/// The answer of `GET /v3/items/taxonomy`, new shape and old (walmart.md §5.3).
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct TaxonomyAnswer {
    #[serde(rename = "itemTaxonomy")]
    pub(crate) taxonomy: Many<TaxonomyCategory>,
    pub(crate) payload: Many<OldCategory>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct TaxonomyCategory {
    pub(crate) category: Scalar,
    pub(crate) product_type_group: Many<ProductTypeGroup>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ProductTypeGroup {
    pub(crate) product_type_group_name: Scalar,
    pub(crate) product_type: Many<ProductTypeName>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ProductTypeName {
    pub(crate) product_type_name: Scalar,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct OldCategory {
    pub(crate) category: Scalar,
    pub(crate) subcategory: Many<OldSubcategory>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct OldSubcategory {
    pub(crate) sub_category_name: Scalar,
}
