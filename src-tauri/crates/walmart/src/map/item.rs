//! Items as they are there (walmart.md §5.1).

use barrow_model::{
    Binding, Currency, FulfilledBy, Gtin, Money, Observed, ObservedState, Problem, ProblemKind,
    Rounding, Site, Sku,
};

use crate::config::{CURRENCY, SITE};
use crate::types::item::{Item, NodeStock};

/// Walmart's own id of an item, in bindings.
pub(crate) const WPID: &str = "wpid";

/// An item with the quantity that was read beside it; none for a record without a SKU.
pub(crate) fn observed(item: &Item, quantity: Option<u32>) -> Option<Observed> {
    let sku = Sku::new(item.sku.text()?).ok()?;
    let binding = match item.wpid.text() {
        Some(wpid) => Binding::default().with(WPID, wpid),
        None => Binding::default(),
    };
    let gtin = [&item.gtin, &item.upc]
        .into_iter()
        .find_map(|number| Gtin::parse(number.text()?).ok());
    let (state, problems) = state(item, quantity);
    Some(Observed {
        details: None,
        site: Site(SITE.to_owned()),
        sku,
        binding,
        title: item.product_name.owned(),
        gtin,
        price: price(item),
        quantity,
        fulfilled_by: FulfilledBy::Seller,
        state,
        problems,
    })
}

fn price(item: &Item) -> Option<Money> {
    let decimal = item.price.amount.decimal()?;
    let currency = match item.price.currency.text() {
        Some(code) => Currency::parse(code).ok()?,
        None => CURRENCY,
    };
    Money::from_decimal(decimal, currency, Rounding::HalfUp).ok()
}

fn state(item: &Item, quantity: Option<u32>) -> (ObservedState, Vec<Problem>) {
    let lifecycle = item.lifecycle_status.text().unwrap_or("ACTIVE");
    if ["RETIRED", "ARCHIVED"]
        .iter()
        .any(|ended| lifecycle.eq_ignore_ascii_case(ended))
    {
        return (ObservedState::Ended, Vec::new());
    }
    match item
        .published_status
        .text()
        .unwrap_or_default()
        .to_ascii_uppercase()
        .as_str()
    {
        "PUBLISHED" if quantity == Some(0) => (ObservedState::OutOfStock, Vec::new()),
        "PUBLISHED" => (ObservedState::Live, Vec::new()),
        "UNPUBLISHED" => (ObservedState::Blocked, reasons(item, "UNPUBLISHED")),
        "SYSTEM_PROBLEM" => (ObservedState::Blocked, reasons(item, "SYSTEM_PROBLEM")),
        // STAGE, IN_PROGRESS, READY_TO_PUBLISH, and words that are new.
        _ => (ObservedState::Pending, Vec::new()),
    }
}

fn reasons(item: &Item, status: &str) -> Vec<Problem> {
    let said = item
        .unpublished_reasons
        .reason
        .0
        .iter()
        .filter_map(|reason| reason.text());
    let problems: Vec<Problem> = said
        .map(|reason| Problem::new(ProblemKind::ListingOnHold).vendor(status, reason))
        .collect();
    if problems.is_empty() {
        return vec![Problem::new(ProblemKind::ListingOnHold).vendor(status, "")];
    }
    problems
}

/// Units for sale of a SKU: at the chosen node, else at all together. What can be sold counts, not
/// what was put in: sales have been taken off it.
pub(crate) fn units_for_sale(nodes: &[NodeStock], node: Option<&str>) -> Option<u32> {
    let chosen = |stock: &&NodeStock| node.is_some() && stock.ship_node.text() == node;
    let units = |stock: &NodeStock| {
        let told = stock
            .avail_to_sell_qty
            .as_ref()
            .or(stock.input_qty.as_ref());
        told.and_then(|units| units.amount.count())
    };
    if let Some(stock) = nodes.iter().find(chosen) {
        return units(stock);
    }
    let told: Vec<u32> = nodes.iter().filter_map(units).collect();
    (!told.is_empty()).then(|| told.into_iter().fold(0, u32::saturating_add))
}

#[cfg(test)]
mod tests {
    use barrow_model::{ObservedState, ProblemKind};

    use super::{observed, units_for_sale};
    use crate::types::item::{ItemsAnswer, NodeStock};
    use barrow_wire::Many;

    fn item(status: &str, lifecycle: &str, extra: &str) -> String {
        format!(
            r#"{{"ItemResponse":[{{"mart":"WALMART_US","sku":"A1","wpid":"3KX","upc":"012345678905",
            "gtin":"00012345678905","productName":"Chair",
            "price":{{"currency":"USD","amount":9.99}},
            "publishedStatus":"{status}","lifecycleStatus":"{lifecycle}"{extra}}}],
            "totalItems":1}}"#
        )
    }

    #[test]
    fn states_come_from_both_statuses_and_the_quantity() {
        let check = |status: &str, lifecycle: &str, quantity, expected: ObservedState| {
            let json = item(status, lifecycle, "");
            let answer: ItemsAnswer = serde_json::from_str(&json).expect("an answer");
            let seen = observed(&answer.items.0[0], quantity).expect("an item");
            assert_eq!(seen.state, expected, "{status} {lifecycle}");
            assert_eq!(seen.binding.get("wpid"), Some("3KX"));
            assert_eq!(
                seen.price.map(|price| price.to_string()).as_deref(),
                Some("9.99 USD")
            );
        };
        check("PUBLISHED", "ACTIVE", Some(2), ObservedState::Live);
        check("PUBLISHED", "ACTIVE", None, ObservedState::Live);
        check("PUBLISHED", "ACTIVE", Some(0), ObservedState::OutOfStock);
        check("IN_PROGRESS", "ACTIVE", Some(2), ObservedState::Pending);
        check("SOMETHING_NEW", "ACTIVE", Some(2), ObservedState::Pending);
        check("UNPUBLISHED", "ACTIVE", Some(2), ObservedState::Blocked);
        check("PUBLISHED", "RETIRED", Some(2), ObservedState::Ended);
    }

    #[test]
    fn why_an_item_is_unpublished_is_told() {
        let extra = r#","unpublishedReasons":{"reason":["Reasonable price not satisfied"]}"#;
        let json = item("UNPUBLISHED", "ACTIVE", extra);
        let answer: ItemsAnswer = serde_json::from_str(&json).expect("an answer");
        let seen = observed(&answer.items.0[0], Some(1)).expect("an item");
        assert_eq!(seen.problems[0].kind, ProblemKind::ListingOnHold);
        let vendor = seen.problems[0].vendor.as_ref().expect("words");
        assert_eq!(vendor.text, "Reasonable price not satisfied");
    }

    #[test]
    fn quantities_are_of_the_node_or_of_all() {
        let nodes: Many<NodeStock> = serde_json::from_str(
            r#"[{"shipNode":"1","inputQty":{"unit":"EACH","amount":9},
                 "availToSellQty":{"unit":"EACH","amount":7}},
                {"shipNode":"2","inputQty":{"unit":"EACH","amount":4}}]"#,
        )
        .expect("nodes");
        let check = |node, expected| assert_eq!(units_for_sale(&nodes.0, node), expected);
        check(Some("1"), Some(7));
        check(Some("2"), Some(4));
        check(Some("3"), Some(11));
        check(None, Some(11));
        assert_eq!(units_for_sale(&[], None), None);
    }
}
