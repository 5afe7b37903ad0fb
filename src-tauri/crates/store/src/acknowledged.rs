//! What answers make true of listings, in SQL, kind by kind.

use barrow_model::ActionKind;

/// What an applied change makes true of its listing; ?1 is the listing, ?2 the change, ?3 the time.
pub(crate) fn acknowledging(kind: ActionKind) -> &'static str {
    match kind {
        // Which of the values that travelled with different steps is there is not certain.
        ActionKind::Publish => {
            "UPDATE listings SET state = iif(state IN ('new', 'publishing', 'refused'), 'live',
               state), (acknowledged_price_minor, acknowledged_price_currency,
               acknowledged_quantity, acknowledged_content, expected_quantity, quantity_sent_at,
               quantity_answered_at) = (SELECT iif(differs, NULL, sent_price_minor),
                 iif(differs, NULL, sent_price_currency), sent_quantity, sent_content,
                 iif(differs OR listings.sold_meanwhile, NULL, sent_quantity),
                 sent_at, ?3 FROM changes WHERE id = ?2),
               sold_meanwhile = 0, content_is_sent = 1, refused_price_minor = NULL,
               refused_quantity = NULL, refused_content = NULL WHERE id = ?1"
        }
        // A content may have carried price and quantity. One that was set since it left may have
        // been set back by it, and one that was computed for it may be there or not.
        ActionKind::Revise => {
            "UPDATE listings SET (acknowledged_content, expected_quantity, quantity_sent_at,
               quantity_answered_at, acknowledged_price_minor, acknowledged_price_currency) =
               (SELECT sent_content,
                 iif(listings.expected_quantity IS sent_quantity, sent_quantity, NULL), sent_at, ?3,
                 iif(listings.acknowledged_price_minor IS sent_price_minor, sent_price_minor, NULL),
                 iif(listings.acknowledged_price_minor IS sent_price_minor, sent_price_currency,
                   NULL)
               FROM changes WHERE id = ?2), content_is_sent = 1, refused_content = NULL
             WHERE id = ?1"
        }
        ActionKind::SetPrice => {
            "UPDATE listings SET (acknowledged_price_minor, acknowledged_price_currency) =
               (SELECT sent_price_minor, sent_price_currency FROM changes WHERE id = ?2),
               refused_price_minor = NULL WHERE id = ?1 AND ?3 IS NOT NULL"
        }
        // One pool's quantity is that of all its listings.
        ActionKind::SetQuantity => {
            "UPDATE listings SET (acknowledged_quantity, expected_quantity, quantity_sent_at,
               quantity_answered_at) = (SELECT sent_quantity,
                 iif(listings.sold_meanwhile, NULL, sent_quantity), sent_at, ?3
                 FROM changes WHERE id = ?2), sold_meanwhile = 0, refused_quantity = NULL
             WHERE id = ?1 OR pool <> '' AND (account_id, channel_sku, pool) IN
               (SELECT account_id, channel_sku, pool FROM listings WHERE id = ?1)"
        }
        ActionKind::End => {
            "UPDATE listings SET state = CASE state WHEN 'ending' THEN 'ended'
               WHEN 'paused' THEN 'paused' ELSE 'new' END,
               acknowledged_price_minor = NULL, acknowledged_price_currency = NULL,
               acknowledged_quantity = NULL, acknowledged_content = NULL,
               expected_quantity = NULL WHERE id = ?1 AND ?2 = ?2 AND ?3 IS NOT NULL"
        }
        ActionKind::Acknowledge
        | ActionKind::Ship
        | ActionKind::Cancel
        | ActionKind::Refund
        | ActionKind::RejectCancel
        | ActionKind::AnswerCase => "",
    }
}

/// What a refused change makes true of its listing; ?1 is the listing, ?2 the change, ?3 whether it
/// was its quantity that was refused.
pub(crate) fn refusing(kind: ActionKind) -> &'static str {
    match kind {
        ActionKind::Publish => {
            "UPDATE listings SET state = iif(state IN ('new', 'publishing'), 'refused', state),
               (refused_price_minor, refused_content, refused_quantity) =
                 (SELECT sent_price_minor, sent_content, iif(?3, sent_quantity, NULL)
                 FROM changes WHERE id = ?2)
             WHERE id = ?1"
        }
        ActionKind::Revise => {
            "UPDATE listings SET refused_content =
               (SELECT sent_content FROM changes WHERE id = ?2) WHERE id = ?1
               AND ?3 IS NOT NULL"
        }
        ActionKind::SetPrice => {
            "UPDATE listings SET refused_price_minor =
               (SELECT sent_price_minor FROM changes WHERE id = ?2) WHERE id = ?1
               AND ?3 IS NOT NULL"
        }
        ActionKind::SetQuantity => {
            "UPDATE listings SET refused_quantity =
               (SELECT sent_quantity FROM changes WHERE id = ?2) WHERE id = ?1
               AND ?3 IS NOT NULL"
        }
        // No hash of a content is this word.
        ActionKind::End => {
            "UPDATE listings SET refused_content = 'end'
             WHERE id = ?1 AND ?2 IS NOT NULL AND ?3 IS NOT NULL"
        }
        ActionKind::Acknowledge
        | ActionKind::Ship
        | ActionKind::Cancel
        | ActionKind::Refund
        | ActionKind::RejectCancel
        | ActionKind::AnswerCase => "",
    }
}
